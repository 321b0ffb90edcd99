package dev.rerank4j.ingest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.SourceSpan;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** Finds the headings of Markdown; the text stays as it stands in the file, so that ranges point into the file. */
final class Markdown {

    /** Blocks alone: what stands inside paragraphs matters to nobody here, and could be made slow to parse. */
    private static final Parser BLOCKS = Parser.builder().includeSourceSpans(IncludeSourceSpans.BLOCKS)
            .maxOpenBlockParsers(100).inlineParserFactory(context -> (lines, node) -> {
            }).build();
    private static final Parser INLINE = Parser.builder().build();
    private static final int LONGEST_HEADING = 1_000;

    private static final Pattern FENCE = Pattern.compile("(?:---|\\.\\.\\.)[ \\t]*(?:\\R|\\z)");
    private static final Pattern TITLE = Pattern.compile("(?m)^title[ \\t]*:[ \\t]*(.*?)[ \\t]*$");

    private Markdown() {
    }

    static Extract extract(String text) {
        int body = bodyStart(text);
        Outline outline = new Outline();
        for (Node node = BLOCKS.parse(text.substring(body)).getFirstChild(); node != null; node = node.getNext()) {
            if (node instanceof Heading heading && !heading.getSourceSpans().isEmpty()) {
                List<SourceSpan> spans = heading.getSourceSpans();
                int start = body + spans.getFirst().getInputIndex();
                int end = body + spans.getLast().getInputIndex() + spans.getLast().getLength();
                outline.heading(heading.getLevel(), plain(text.substring(start, end)), start, end);
            }
        }
        String title = frontTitle(text.substring(0, body)).or(outline::firstTop).orElse("");
        return new Extract(title, text, outline.sections(text, body, title), Optional.empty());
    }

    /** Index after the YAML front matter, if there is one. */
    private static int bodyStart(String text) {
        Matcher fence = FENCE.matcher(text);
        if (!text.startsWith("---") || !fence.lookingAt()) {
            return 0;
        }
        for (int line = fence.end(); line < text.length();) {
            if (fence.region(line, text.length()).lookingAt()) {
                return fence.end();
            }
            int newline = text.indexOf('\n', line);
            line = newline < 0 ? text.length() : newline + 1;
        }
        return 0;
    }

    private static Optional<String> frontTitle(String front) {
        Matcher title = TITLE.matcher(front);
        if (!title.find()) {
            return Optional.empty();
        }
        String value = title.group(1);
        boolean quoted = value.length() >= 2 && (value.startsWith("\"") && value.endsWith("\"")
                || value.startsWith("'") && value.endsWith("'"));
        String plain = quoted ? value.substring(1, value.length() - 1) : value;
        return Optional.of(plain.strip()).filter(stripped -> !stripped.isEmpty());
    }

    /** A heading without its marks, emphasis and links. */
    private static String plain(String heading) {
        StringBuilder plain = new StringBuilder();
        INLINE.parse(heading.length() > LONGEST_HEADING ? heading.substring(0, LONGEST_HEADING) : heading)
                .accept(new AbstractVisitor() {
                    @Override
                    public void visit(Text text) {
                        plain.append(text.getLiteral());
                    }

                    @Override
                    public void visit(Code code) {
                        plain.append(code.getLiteral());
                    }

                    @Override
                    public void visit(SoftLineBreak softBreak) {
                        plain.append(' ');
                    }

                    @Override
                    public void visit(HardLineBreak hardBreak) {
                        plain.append(' ');
                    }
                });
        return plain.toString().strip();
    }
}

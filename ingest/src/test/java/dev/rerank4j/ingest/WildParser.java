package dev.rerank4j.ingest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.apache.tika.exception.TikaException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MediaType;
import org.apache.tika.parser.ParseContext;
import org.apache.tika.parser.Parser;
import org.apache.tika.sax.XHTMLContentHandler;
import org.xml.sax.ContentHandler;
import org.xml.sax.SAXException;

/** Does in the child process what stands in the file. Public, since Tika makes it. */
public final class WildParser implements Parser {

    private static final long serialVersionUID = 1L;

    @Override
    public Set<MediaType> getSupportedTypes(ParseContext context) {
        return Set.of(MediaType.application("pdf"));
    }

    @Override
    public void parse(InputStream stream, ContentHandler handler, Metadata metadata, ParseContext context)
            throws IOException, SAXException, TikaException {
        String deed = new String(stream.readAllBytes(), StandardCharsets.UTF_8).substring("%PDF-1.7 ".length()).strip();
        XHTMLContentHandler xhtml = new XHTMLContentHandler(handler, metadata);
        xhtml.startDocument();
        xhtml.element("p", deed);
        switch (deed) {
            case "hang" -> hang();
            case "eat" -> eat();
            case "die" -> Runtime.getRuntime().halt(9);
            case "throw" -> throw new TikaException("secret text of the file");
            case "print" -> System.out.println("on standard output");
            case "talk" -> talk(xhtml);
            default -> {
            }
        }
        xhtml.endDocument();
    }

    private static void hang() {
        while (true) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                continue; // as parsers do
            }
        }
    }

    private static void eat() {
        List<byte[]> eaten = new ArrayList<>();
        while (!eaten.isEmpty() || eaten.add(new byte[1])) {
            eaten.add(new byte[1 << 20]);
        }
    }

    private static void talk(XHTMLContentHandler xhtml) throws SAXException {
        for (int i = 0; i < 20_000; i++) {
            xhtml.element("p", "x".repeat(1_000));
        }
    }
}

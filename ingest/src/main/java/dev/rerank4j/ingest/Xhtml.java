package dev.rerank4j.ingest;

import java.io.IOException;
import java.io.StringReader;
import java.nio.CharBuffer;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/** Reads the XHTML that Tika makes of PDF and office files. Streaming, since a spreadsheet has millions of cells. */
final class Xhtml {

    /** The JDK counts every &amp;amp; towards them; real entities need a document type, which is not allowed here. */
    private static final List<String> ENTITY_LIMITS = List.of("jdk.xml.maxGeneralEntitySizeLimit",
            "jdk.xml.totalEntitySizeLimit", "jdk.xml.entityExpansionLimit");

    private Xhtml() {
    }

    static Extract extract(String xhtml, Format format, Optional<String> author) throws Unreadable {
        TextBuilder builder = new TextBuilder(format == Format.PDF);
        try {
            SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            SAXParser parser = factory.newSAXParser();
            for (String limit : ENTITY_LIMITS) {
                parser.setProperty(limit, "0");
            }
            parser.parse(new InputSource(new StringReader(xhtml)), new Feed(builder));
        } catch (SAXException | ParserConfigurationException | IOException e) {
            throw new Unreadable("Its text could not be taken out of it; save it again in its program.", e);
        }
        // The first top heading of a spreadsheet is the name of its first sheet.
        return builder.build(Optional.empty(), format != Format.XLSX, author);
    }

    private static final class Feed extends DefaultHandler {

        private final TextBuilder builder;

        Feed(TextBuilder builder) {
            this.builder = builder;
        }

        @Override
        public void startElement(String uri, String localName, String name, Attributes attributes) {
            String styleClass = attributes.getValue("class");
            builder.open(name, styleClass == null ? "" : styleClass, false);
        }

        @Override
        public void endElement(String uri, String localName, String name) {
            builder.close(name);
        }

        @Override
        public void characters(char[] characters, int start, int length) {
            builder.characters(CharBuffer.wrap(characters, start, length));
        }
    }
}

package dev.rerank4j.ingest;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.apache.poi.common.usermodel.PictureType;
import org.apache.poi.wp.usermodel.HeaderFooterType;
import org.apache.poi.xslf.usermodel.SlideLayout;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFSlide;
import org.apache.poi.xssf.usermodel.XSSFRow;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;

import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTStyle;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.STStyleType;

/** Writes files as office programs do. */
final class Samples {

    private Samples() {
    }

    /** Title, two levels of headings, a table, a picture, a header; by Ann Author. */
    static Path docx(Path file) throws Exception {
        try (XWPFDocument document = new XWPFDocument()) {
            for (String name : List.of("Title", "heading 1", "heading 2")) {
                CTStyle style = CTStyle.Factory.newInstance();
                style.setStyleId(name.replace(" ", ""));
                style.addNewName().setVal(name);
                style.setType(STStyleType.PARAGRAPH);
                document.createStyles().addStyle(new XWPFStyle(style));
            }
            document.createHeader(HeaderFooterType.DEFAULT).createParagraph().createRun().setText("CONFIDENTIAL");
            document.getProperties().getCoreProperties().setCreator("Ann Author");
            paragraph(document, "Title", "Handbook");
            paragraph(document, "", "Welcome.");
            paragraph(document, "heading1", "Leave");
            paragraph(document, "", "Thirty days & <more>.");
            paragraph(document, "heading2", "Sick leave");
            paragraph(document, "", "Call in.");
            XWPFTable table = document.createTable(2, 2);
            table.getRow(0).getCell(0).setText("City");
            table.getRow(0).getCell(1).setText("Rate");
            table.getRow(1).getCell(0).setText("Berlin");
            table.getRow(1).getCell(1).setText("28");
            ByteArrayOutputStream picture = new ByteArrayOutputStream();
            ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB), "png", picture);
            document.createParagraph().createRun().addPicture(new ByteArrayInputStream(picture.toByteArray()),
                    PictureType.PNG, "x.png", 1_000, 1_000);
            try (OutputStream output = Files.newOutputStream(file)) {
                document.write(output);
            }
        }
        return file;
    }

    private static void paragraph(XWPFDocument document, String style, String text) {
        XWPFParagraph paragraph = document.createParagraph();
        if (!style.isEmpty()) {
            paragraph.setStyle(style);
        }
        paragraph.createRun().setText(text);
    }

    /** A slide for each text: its first line is the title, the rest its body. */
    static Path pptx(Path file, String... slides) throws IOException {
        try (XMLSlideShow show = new XMLSlideShow()) {
            for (String text : slides) {
                XSLFSlide slide = show.createSlide(
                        show.getSlideMasters().getFirst().getLayout(SlideLayout.TITLE_AND_CONTENT));
                slide.getPlaceholder(0).setText(text.lines().findFirst().orElse(""));
                slide.getPlaceholder(1).setText(String.join("\n", text.lines().skip(1).toList()));
            }
            try (OutputStream output = Files.newOutputStream(file)) {
                show.write(output);
            }
        }
        return file;
    }

    /** Sheets Prices and Stock with rows of a name and a number each, and an empty one between. */
    static Path xlsx(Path file) throws IOException {
        try (XSSFWorkbook book = new XSSFWorkbook()) {
            for (String sheet : List.of("Prices", "Empty", "Stock")) {
                book.createSheet(sheet);
                for (int i = 0; i < (sheet.equals("Empty") ? 0 : 2); i++) {
                    XSSFRow row = book.getSheet(sheet).createRow(i);
                    row.createCell(0).setCellValue(sheet + " item " + i);
                    row.createCell(1).setCellValue(i + 0.5);
                }
            }
            try (OutputStream output = Files.newOutputStream(file)) {
                book.write(output);
            }
        }
        return file;
    }

    /** One sheet with a text in each row. */
    static Path sheet(Path file, List<String> rows) throws IOException {
        try (XSSFWorkbook book = new XSSFWorkbook(); OutputStream output = Files.newOutputStream(file)) {
            book.createSheet("Sheet");
            for (int i = 0; i < rows.size(); i++) {
                book.getSheet("Sheet").createRow(i).createCell(0).setCellValue(rows.get(i));
            }
            book.write(output);
        }
        return file;
    }

    /** A page for each text; lines are lines, an empty line is a gap between paragraphs. */
    static Path pdf(Path file, String... pages) throws IOException {
        try (PDDocument document = new PDDocument()) {
            pages(document, pages);
            document.save(file.toFile());
        }
        return file;
    }

    static Path protectedPdf(Path file, String text) throws IOException {
        try (PDDocument document = new PDDocument()) {
            pages(document, text);
            document.protect(new StandardProtectionPolicy("owner", "user", new AccessPermission()));
            document.save(file.toFile());
        }
        return file;
    }

    private static void pages(PDDocument document, String... pages) throws IOException {
        for (String text : pages) {
            PDPage page = new PDPage();
            document.addPage(page);
            try (PDPageContentStream content = new PDPageContentStream(document, page)) {
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                content.beginText();
                content.setLeading(14);
                content.newLineAtOffset(72, 700);
                for (String line : text.lines().toList()) {
                    content.showText(line);
                    content.newLine();
                    if (line.isEmpty()) {
                        content.newLine();
                    }
                }
                content.endText();
            }
        }
    }
}

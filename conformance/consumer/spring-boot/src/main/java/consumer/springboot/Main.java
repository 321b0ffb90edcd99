package consumer.springboot;

import java.util.List;
import org.springframework.ai.document.Document;
import org.springframework.ai.rag.Query;
import org.springframework.ai.rag.postretrieval.document.DocumentPostProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** One dependency and no code: Spring AI's post-processor is there because the starter is. */
@SpringBootApplication
public class Main {

    public static void main(String[] args) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Main.class)
                .bannerMode(Banner.Mode.OFF).logStartupInfo(false).run()) {
            List<Document> documents = context.getBean(DocumentPostProcessor.class).process(
                    new Query("how many days of paid leave do employees get"),
                    List.of(new Document("desk", "Leave your laptop at the front desk.", java.util.Map.of()),
                            new Document("leave", "Employees receive 25 days of paid leave.", java.util.Map.of())));
            System.out.println(documents.getFirst().getId() + " first of " + documents.size());
        }
    }
}

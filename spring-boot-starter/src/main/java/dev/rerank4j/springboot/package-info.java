/**
 * Rerank4j in Spring Boot: one dependency, and there is a {@code DocumentPostProcessor} that reranks with the built-in
 * model, to be handed to a {@code RetrievalAugmentationAdvisor}.
 *
 * <pre>{@code
 * try (ConfigurableApplicationContext context = SpringApplication.run(application, "--rerank4j.limit=1")) {
 *     DocumentPostProcessor reranking = context.getBean(DocumentPostProcessor.class);
 *     List<Document> found = List.of(new Document("Parking is free."),
 *             new Document("Employees have 28 days of annual leave."));
 *     List<Document> best = reranking.process(new Query("How many days of leave?"), found);
 *     System.out.println(best.getFirst().getText());
 *     System.out.println(best.getFirst().getScore() > 0.5);
 * }
 * }</pre>
 *
 * <p>Where {@code rerank4j.index.folder} is set there are an index, a pipeline and a {@code DocumentRetriever} as well;
 * where {@code spring.ai.model.embedding} is {@code rerank4j}, an {@code EmbeddingModel}; where the application has
 * Actuator, a health indicator. Beans of the application win. {@code rerank4j.enabled=false} turns all of it off.
 */
@NullMarked
package dev.rerank4j.springboot;

import org.jspecify.annotations.NullMarked;

package dev.rerank4j.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rerank4j.ScoreRequest;
import dev.rerank4j.WordScorer;
import dev.rerank4j.remote.ScriptedServer.Answer;
import dev.rerank4j.remote.ScriptedServer.Received;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A language model that can read prompts of ours and knows words, behind Ollama's API and OpenAI's. Answers have the
 * shape of Ollama's API page (docs/api.md of its repository, "Generate a chat completion") and of OpenAI's API reference
 * ("The chat completion object", "The chat completion chunk object", "The completion object").
 */
final class ReadingModel {

    private static final WordScorer WORDS = new WordScorer();
    private static final Pattern QUERY = Pattern.compile("(?:Search query|search query|<Query>): ?(.*)");
    private static final Pattern NUMBERED = Pattern.compile("(?s)\\[(\\d+)] (.*)");
    private static final Pattern LABELLED = Pattern.compile("Passage ([A-Z]): \"(.*)\"");
    private static final Pattern SINGLE = Pattern
            .compile("(?s)(?:Passage: |<Document>: )(.*?)(?:\\nDoes the passage|<\\|im_end\\|>)");

    private final UnaryOperator<String> manner;
    private final boolean streams;

    /**
     * @param manner makes what the model says of what it means
     * @param streams whether it answers in pieces, asked or not
     */
    ReadingModel(UnaryOperator<String> manner, boolean streams) {
        this.manner = manner;
        this.streams = streams;
    }

    static ScriptedServer start() throws IOException {
        ReadingModel model = new ReadingModel(answer -> answer, false);
        return ScriptedServer.by(model::answer);
    }

    Answer answer(Received request) {
        JsonNode body = WordServer.json(request.body());
        String prompt = body.has("prompt")
                ? body.get("prompt").textValue()
                : StreamSupport.stream(body.get("messages").spliterator(), false)
                        .map(message -> message.get("content").textValue()).collect(Collectors.joining("\n"));
        String said = manner.apply(said(body, prompt));
        boolean logprobs = body.path("logprobs").asBoolean(false) || body.path("logprobs").asInt() > 0;
        double[] yesNo = logprobs ? yesNo(prompt) : new double[0];
        return switch (request.path()) {
            case "/api/chat" -> ollama("message", said, yesNo);
            case "/api/generate" -> ollama("response", said, yesNo);
            case "/v1/chat/completions" -> openai(said, yesNo);
            case "/v1/completions" -> completion(said, yesNo);
            default -> Answer.json(404, "{\"error\": \"page not found\"}");
        };
    }

    private static String said(JsonNode body, String prompt) {
        String query = query(prompt);
        List<String> texts = new ArrayList<>();
        if (body.has("messages")) {
            for (JsonNode message : body.get("messages")) {
                Matcher passage = NUMBERED.matcher(message.get("content").textValue());
                if (message.get("role").textValue().equals("user") && passage.matches()) {
                    texts.add(passage.group(2));
                }
            }
        }
        if (!texts.isEmpty()) {
            return best(query, texts).stream().map(i -> "[" + (i + 1) + "]").collect(Collectors.joining(" > "));
        }
        Matcher labelled = LABELLED.matcher(prompt);
        while (labelled.find()) {
            texts.add(labelled.group(2));
        }
        return texts.isEmpty() ? "yes" : String.valueOf((char) ('A' + best(query, texts).getFirst()));
    }

    private static String query(String prompt) {
        Matcher query = QUERY.matcher(prompt);
        return query.find() ? query.group(1) : "";
    }

    private static List<Integer> best(String query, List<String> texts) {
        float[] logits = WORDS.score(ScoreRequest.of(query, texts)).logits();
        return IntStream.range(0, logits.length).boxed().sorted(Comparator.comparingDouble(i -> -logits[i])).toList();
    }

    /** Log-probabilities of yes and of no. */
    private static double[] yesNo(String prompt) {
        Matcher single = SINGLE.matcher(prompt);
        if (!single.find()) {
            throw new AssertionError("no passage in " + prompt);
        }
        double logit = WORDS.score(ScoreRequest.of(query(prompt), List.of(single.group(1)))).logits()[0];
        return new double[]{-Math.log1p(Math.exp(-logit)), -Math.log1p(Math.exp(logit))};
    }

    private static ArrayNode tokens(double[] yesNo) {
        ArrayNode tokens = HttpService.JSON.createArrayNode();
        ObjectNode first = tokens.addObject().put("token", "yes").put("logprob", yesNo[0]);
        ArrayNode top = first.putArray("top_logprobs");
        top.addObject().put("token", "yes").put("logprob", yesNo[0]);
        top.addObject().put("token", "no").put("logprob", yesNo[1]);
        return tokens;
    }

    private Answer ollama(String where, String said, double[] yesNo) {
        List<String> lines = new ArrayList<>();
        List<String> pieces = streams ? said.codePoints().mapToObj(Character::toString).toList() : List.of(said);
        for (int i = 0; i < pieces.size(); i++) {
            boolean last = i + 1 == pieces.size();
            ObjectNode line = HttpService.JSON.createObjectNode().put("model", "reader").put("done", last);
            if (where.equals("message")) {
                line.putObject(where).put("role", "assistant").put("content", pieces.get(i));
            } else {
                line.put(where, pieces.get(i));
            }
            if (yesNo.length > 0 && i == 0) {
                line.set("logprobs", tokens(yesNo));
            }
            if (last) {
                line.put("done_reason", "stop").put("prompt_eval_count", 11).put("eval_count", 3);
            }
            lines.add(line.toString());
        }
        return Answer.json(String.join("\n", lines));
    }

    private Answer openai(String said, double[] yesNo) {
        if (!streams) {
            ObjectNode answer = HttpService.JSON.createObjectNode().put("object", "chat.completion");
            ObjectNode choice = answer.putArray("choices").addObject().put("index", 0).put("finish_reason", "stop");
            choice.putObject("message").put("role", "assistant").put("content", said);
            if (yesNo.length > 0) {
                choice.putObject("logprobs").set("content", tokens(yesNo));
            }
            answer.putObject("usage").put("prompt_tokens", 11).put("completion_tokens", 3).put("total_tokens", 14);
            return Answer.json(answer.toString());
        }
        StringBuilder events = new StringBuilder();
        said.codePoints().mapToObj(Character::toString).forEach(piece -> {
            ObjectNode chunk = HttpService.JSON.createObjectNode().put("object", "chat.completion.chunk");
            ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0);
            choice.putObject("delta").put("content", piece);
            events.append("data: ").append(chunk).append("\n\n");
        });
        return new Answer(200, Map.of("Content-Type", "text/event-stream"), events
                + "data: {\"choices\": [{\"index\": 0, \"delta\": {}, \"finish_reason\": \"stop\"}]}\n\ndata: [DONE]\n\n");
    }

    private static Answer completion(String said, double[] yesNo) {
        ObjectNode answer = HttpService.JSON.createObjectNode().put("object", "text_completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("text", said).put("finish_reason", "length");
        if (yesNo.length > 0) {
            ObjectNode logprobs = choice.putObject("logprobs");
            logprobs.putArray("tokens").add("yes");
            logprobs.putArray("top_logprobs").addObject().put("yes", yesNo[0]).put("no", yesNo[1]);
        }
        answer.putObject("usage").put("prompt_tokens", 11).put("completion_tokens", 1);
        return Answer.json(answer.toString());
    }
}

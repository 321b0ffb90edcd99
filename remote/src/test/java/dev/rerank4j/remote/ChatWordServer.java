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
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A language model that can read words, behind Ollama's API and OpenAI's. It knows nothing but the prompts: what it
 * judges is what it finds between their delimiters. It streams if its model's name says so.
 */
final class ChatWordServer {

    private static final WordScorer WORDS = new WordScorer();
    private static final Pattern POINTWISE = Pattern.compile("<query>\n(.*)\n</query>\n<passage>\n(.*)\n</passage>\n",
            Pattern.DOTALL);
    private static final Pattern QWEN3 = Pattern.compile("\n<Query>: (.*)\n<Document>: (.*)<\\|im_end\\|>\n"
            + "<\\|im_start\\|>assistant\n<think>\n\n</think>\n\n$", Pattern.DOTALL);
    private static final Pattern LISTED = Pattern.compile("\\[(\\d+)] (.*)");
    private static final Pattern LIST_QUERY = Pattern.compile("Search query: (.*)\nRank the ");
    private static final Pattern OF_SET = Pattern.compile("Passage ([A-W]): \"(.*)\"");
    private static final Pattern SET_QUERY = Pattern.compile("Search query: (.*)\nWhich of ");

    private ChatWordServer() {
    }

    static ScriptedServer start() throws IOException {
        return ScriptedServer.by(ChatWordServer::answer);
    }

    static Answer answer(Received request) {
        JsonNode body = WordServer.json(request.body());
        boolean ollama = request.path().startsWith("/api/");
        boolean streams = body.get("model").textValue().contains("stream");
        if (body.has("prompt")) {
            Matcher raw = found(QWEN3, body.get("prompt").textValue());
            Map<String, Double> top = judged(raw.group(1), raw.group(2), "yes", "no");
            return ollama
                    ? Answer.json(ollama("response", HttpService.JSON.getNodeFactory().textNode(best(top)), top) + "")
                    : Answer.json(completion(top) + "");
        }
        String asked = body.get("messages").get(body.get("messages").size() - 1).get("content").textValue();
        if (asked.contains("<passage>")) {
            Matcher pair = found(POINTWISE, asked);
            Map<String, Double> top = judged(pair.group(1), pair.group(2), "Yes", " no");
            return chat(ollama, streams, best(top), top);
        }
        return chat(ollama, streams, asked.contains("\nWhich of ") ? chosen(asked) : ordered(body), Map.of());
    }

    private static Matcher found(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no place for query and passage in: " + text);
        }
        return matcher;
    }

    private static float[] logits(String query, List<String> texts) {
        return WORDS.score(ScoreRequest.of(query, texts)).logits();
    }

    private static Map<String, Double> judged(String query, String text, String yes, String no) {
        double logit = logits(query, List.of(text))[0];
        return new TreeMap<>(Map.of(yes, -Math.log1p(Math.exp(-logit)), no, -Math.log1p(Math.exp(logit)), "the", -30d));
    }

    private static String best(Map<String, Double> top) {
        return top.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }

    private static String ordered(JsonNode body) {
        List<String> texts = new ArrayList<>();
        String last = "";
        for (JsonNode message : body.get("messages")) {
            last = message.get("content").textValue();
            Matcher passage = LISTED.matcher(last);
            if (message.get("role").textValue().equals("user") && passage.matches()) {
                texts.add(passage.group(2));
            }
        }
        float[] logits = logits(found(LIST_QUERY, last).group(1), texts);
        return IntStream.range(0, logits.length).boxed().sorted(Comparator.comparingDouble(i -> -logits[i]))
                .map(i -> "[" + (i + 1) + "]").collect(Collectors.joining(" > "));
    }

    private static String chosen(String asked) {
        List<String> texts = OF_SET.matcher(asked).results().map(set -> set.group(2)).toList();
        float[] logits = logits(found(SET_QUERY, asked).group(1), texts);
        int best = IntStream.range(0, logits.length).boxed().max(Comparator.comparingDouble(i -> logits[i]))
                .orElseThrow();
        return "Passage " + (char) ('A' + best);
    }

    /** An answer of either API, whole or in pieces. */
    static Answer chat(boolean ollama, boolean streams, String text, Map<String, Double> top) {
        if (!streams) {
            return Answer.json((ollama ? ollama("message", said(text), top) : openai("message", text, top)) + "");
        }
        int half = text.length() / 2;
        return ollama
                ? new Answer(200, Map.of("Content-Type", "application/x-ndjson"),
                        ollama("message", said(text.substring(0, half)), top).put("done", false) + "\n"
                                + ollama("message", said(text.substring(half)), Map.of()) + "\n")
                : new Answer(200, Map.of("Content-Type", "text/event-stream"),
                        "data: " + openai("delta", text.substring(0, half), top) + "\n\n: still here\n\ndata: "
                                + openai("delta", text.substring(half), Map.of()) + "\n\ndata: [DONE]\n\n");
    }

    private static JsonNode said(String text) {
        return HttpService.JSON.createObjectNode().put("role", "assistant").put("content", text);
    }

    private static ObjectNode ollama(String name, JsonNode said, Map<String, Double> top) {
        ObjectNode answer = HttpService.JSON.createObjectNode().put("model", "m").put("done", true)
                .put("done_reason", "stop").put("prompt_eval_count", 70).put("eval_count", 3);
        answer.set(name, said);
        if (!top.isEmpty()) {
            answer.set("logprobs", tokens(top));
        }
        return answer;
    }

    private static ObjectNode openai(String name, String text, Map<String, Double> top) {
        ObjectNode answer = HttpService.JSON.createObjectNode().put("object", "chat.completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("index", 0);
        choice.putObject(name).put("role", "assistant").put("content", text);
        if (!top.isEmpty()) {
            choice.putObject("logprobs").set("content", tokens(top));
        }
        answer.putObject("usage").put("prompt_tokens", 70).put("completion_tokens", 3);
        return answer;
    }

    private static ArrayNode tokens(Map<String, Double> top) {
        ArrayNode tokens = HttpService.JSON.createArrayNode();
        ArrayNode others = tokens.addObject().put("token", best(top)).put("logprob", top.get(best(top)))
                .putArray("top_logprobs");
        top.forEach((token, logprob) -> others.addObject().put("token", token).put("logprob", logprob));
        return tokens;
    }

    private static ObjectNode completion(Map<String, Double> top) {
        ObjectNode answer = HttpService.JSON.createObjectNode().put("object", "text_completion");
        ObjectNode choice = answer.putArray("choices").addObject().put("text", best(top)).put("finish_reason",
                "length");
        ObjectNode logprobs = choice.putObject("logprobs");
        logprobs.putArray("tokens").add(best(top));
        ObjectNode first = logprobs.putArray("top_logprobs").addObject();
        top.forEach(first::put);
        return answer;
    }

    /** Both APIs, each whole and streaming. */
    static List<String> ways() {
        List<String> ways = new ArrayList<>();
        for (ChatApi api : ChatApi.values()) {
            ways.add(api.name().toLowerCase(Locale.ROOT) + ":words");
            ways.add(api.name().toLowerCase(Locale.ROOT) + ":words-stream");
        }
        return ways;
    }

    /** The model of one of the {@link #ways()}. */
    static LanguageModelOptions model(String way, RemoteOptions remote) {
        String[] parts = way.split(":");
        return LanguageModelOptions.of(ChatApi.valueOf(parts[0].toUpperCase(Locale.ROOT)), parts[1], remote);
    }
}

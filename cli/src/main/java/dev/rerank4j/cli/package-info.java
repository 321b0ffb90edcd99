/**
 * The command line: {@code rerank search}, {@code rerank index}, {@code rerank rerank} and {@code rerank models}, and
 * the distribution they are shipped in. {@link dev.rerank4j.cli.Main} is the way in and the only public type; other
 * programs use the libraries, or the command itself:
 *
 * <pre>{@code
 * rerank search --docs handbook "how many days of leave do I get"
 * rerank index --index .rerank handbook tickets.jsonl
 * rerank search --index .rerank --filter team=support --json "login fails after update"
 * rerank rerank "waterproof jacket" --limit 3 < products.txt
 * rerank models
 * }</pre>
 *
 * <p>Results go to the standard output, everything else to the standard error. The exit code is 0 if something was
 * found, 1 if nothing was, 2 for a wrong command line or input, 3 if the world failed, 130 if interrupted.
 */
@NullMarked
package dev.rerank4j.cli;

import org.jspecify.annotations.NullMarked;

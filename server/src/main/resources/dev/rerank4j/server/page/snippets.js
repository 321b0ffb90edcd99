/** @typedef {{id: string, name: string, text: string}} Snippet */

/** Java takes no constant beyond 65,535 bytes; a character has at most three. */
const JAVA_CONSTANT = 16_000;

/** Where the copied code finds the key, which is never part of it. */
const KEY_VARIABLE = 'RERANK4J_API_KEY';

/**
 * The request as code that can be run.
 *
 * @param {string} url
 * @param {object} body
 * @param {boolean} withKey whether the server wants one
 * @returns {Snippet[]}
 */
export function snippets(url, body, withKey) {
  return [
    { id: 'curl', name: 'curl', text: curl(url, body, withKey) },
    { id: 'python', name: 'Python', text: python(url, body, withKey) },
    { id: 'java', name: 'Java', text: java(url, body, withKey) },
  ];
}

/**
 * A here document with a quoted word takes every text as it is. A line of JSON is never just the word JSON, and nothing is
 * too long for it, as it would be for an argument.
 *
 * @param {string} url
 * @param {object} body
 * @param {boolean} withKey
 */
function curl(url, body, withKey) {
  return [
    `curl -sS '${url.replaceAll("'", "'\\''")}' \\`,
    ...(withKey ? [`  -H "Authorization: Bearer $${KEY_VARIABLE}" \\`] : []),
    `  -H 'Content-Type: application/json' --data-binary @- <<'JSON'`,
    written(body, JSON_WORDS),
    'JSON',
    '',
  ].join('\n');
}

/** @param {string} url @param {object} body @param {boolean} withKey */
function python(url, body, withKey) {
  return [
    'import json',
    ...(withKey ? ['import os'] : []),
    'import urllib.error',
    'import urllib.request',
    '',
    `body = ${written(body, PYTHON_WORDS)}`,
    '',
    'request = urllib.request.Request(',
    `    ${string(url)},`,
    '    data=json.dumps(body).encode(),',
    '    headers={',
    '        "Content-Type": "application/json",',
    ...(withKey ? [`        "Authorization": "Bearer " + os.environ["${KEY_VARIABLE}"],`] : []),
    '    },',
    ')',
    'try:',
    '    with urllib.request.urlopen(request) as response:',
    '        answer = json.load(response)',
    'except urllib.error.HTTPError as error:',
    '    raise SystemExit(error.read().decode())',
    'print(json.dumps(answer, indent=2, ensure_ascii=False))',
    '',
  ].join('\n');
}

/** @param {string} url @param {object} body @param {boolean} withKey */
function java(url, body, withKey) {
  return [
    'import java.net.URI;',
    'import java.net.http.HttpClient;',
    'import java.net.http.HttpRequest;',
    'import java.net.http.HttpResponse;',
    '',
    '// java Rerank.java',
    'class Rerank {',
    '    public static void main(String[] args) throws Exception {',
    `        String body = ${javaText(written(body, JSON_WORDS))};`,
    `        HttpRequest request = HttpRequest.newBuilder(URI.create(${javaString(url)}))`,
    '                .header("Content-Type", "application/json")',
    ...(withKey ? [`                .header("Authorization", "Bearer " + System.getenv("${KEY_VARIABLE}"))`] : []),
    '                .POST(HttpRequest.BodyPublishers.ofString(body))',
    '                .build();',
    '        HttpResponse<String> response =',
    '                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());',
    '        System.out.println(response.body());',
    '    }',
    '}',
    '',
  ].join('\n');
}

/** A text block where one is allowed, else constants that are joined when it runs. @param {string} json */
function javaText(json) {
  if (json.length <= JAVA_CONSTANT) {
    const block = json.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"').replaceAll('\n', '\n                ');
    return `"""\n                ${block}\n                """`;
  }
  const pieces = [];
  for (let start = 0; start < json.length;) {
    let end = Math.min(start + JAVA_CONSTANT, json.length);
    if (/[\uD800-\uDBFF]/.test(json.charAt(end - 1))) {
      end -= 1;
    }
    pieces.push(javaString(json.slice(start, end)));
    start = end;
  }
  return `String.join("",\n                ${pieces.join(',\n                ')})`;
}

/** @param {string} text */
function javaString(text) {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** @typedef {{yes: string, no: string, none: string}} Words */
/** @type {Words} */
const JSON_WORDS = { yes: 'true', no: 'false', none: 'null' };
/** @type {Words} */
const PYTHON_WORDS = { yes: 'True', no: 'False', none: 'None' };

/**
 * JSON on several lines, or with other words the same in Python: its string literals understand all that JSON's do.
 *
 * @param {unknown} value
 * @param {Words} words
 * @param {string} [margin]
 * @returns {string}
 */
function written(value, words, margin = '') {
  const inner = `${margin}  `;
  if (value === null || value === undefined) {
    return words.none;
  }
  if (typeof value === 'boolean') {
    return value ? words.yes : words.no;
  }
  if (typeof value === 'string') {
    return string(value);
  }
  if (typeof value !== 'object') {
    return String(value);
  }
  if (Array.isArray(value)) {
    return value.length === 0 ? '[]' : `[\n${value.map((each) => inner + written(each, words, inner)).join(',\n')}\n${margin}]`;
  }
  const fields = Object.entries(value).map(([name, each]) => `${inner}${string(name)}: ${written(each, words, inner)}`);
  return fields.length === 0 ? '{}' : `{\n${fields.join(',\n')}\n${margin}}`;
}

/**
 * A JSON string in which everything is escaped that cannot be seen or that a terminal acts upon when it is pasted: control
 * characters, marks of direction, separators of lines, code units that are no character.
 *
 * @param {string} text
 */
function string(text) {
  return JSON.stringify(text).replace(/[\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFF9-\uFFFB]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

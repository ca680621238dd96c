using System.Net;
using System.Text;
using System.Text.Json;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Calls;

/// <summary>What a gateway refuses, in a sentence. It says most of it itself; a few words are told in the terms of the command line.</summary>
internal static class Refusals
{
    /// <param name="address">Who was asked.</param>
    /// <param name="keyFrom">Where the key came from, in words.</param>
    /// <param name="status">The answer's.</param>
    /// <param name="body">The answer's.</param>
    public static CallFailure Of(Uri address, string keyFrom, HttpStatusCode status, string body)
    {
        var problem = Problem(body);
        var word = Text(problem, "error");
        return (status, word) switch
        {
            (HttpStatusCode.Unauthorized, "api_closed") => No($"the gateway at {address} has no REST key: start it with LARKSPUR_API_KEY."),
            (HttpStatusCode.Unauthorized, "wrong_api_key") => No(WrongKey(address, keyFrom)),
            (HttpStatusCode.Unauthorized, not null) => No(Sentence(problem) ?? word),
            (HttpStatusCode.Unauthorized, _) => No($"{address} answered 401; is it a Larkspur gateway?"),
            (HttpStatusCode.ServiceUnavailable, null or "unavailable" or "storage_unavailable") => No("the gateway's database is away; try again later.", passing: true),
            (HttpStatusCode.NotFound, "not_found") when Text(problem, "pointer") is null => Refused("there is no such row."),
            (_, "not_replayable") => Refused("only dead, stale and discarded rows can be replayed; this one is none of them."),
            (_, "already_finished") => Refused("the row has ended already."),
            (_, "unsure_past_key_lifetime") => Refused("it may have arrived, and the platform no longer remembers its key: look into the chat. --force sends it again, under a new key."),
            (_, "superseded") => Refused("the card has a later face. --force puts this one on."),
            (_, "deliveries_waiting") => Refused("deliveries wait for it. --force takes it away all the same, and they become dead letters."),
            (_, "unknown_event") => Refused("there is no such type of notification; larkspur notifications types list has them all."),
            (_, "nothing_to_say") => Refused("there is nothing to say: the text is empty."),
            _ when Text(problem, "message") is not null => Said(status, problem!.Value, word),
            (HttpStatusCode.BadRequest, { } what) => new CallFailure(ExitCodes.Usage, $"the gateway does not understand the question ({what}).") { Word = what },
            (>= HttpStatusCode.InternalServerError, _) => No($"{address} answered {(int)status}; is it a Larkspur gateway?", passing: true),
            _ => No($"{address} answered {(int)status}; is it a Larkspur gateway?"),
        };

        CallFailure Refused(string sentence) => new(ExitCodes.Refused, sentence) { Word = word };

        CallFailure No(string sentence, bool passing = false) => new(ExitCodes.NoAnswer, sentence) { Word = word, MayPass = passing };
    }

    private static string WrongKey(Uri address, string keyFrom)
    {
        if (keyFrom.Split(' ') is ["context", var name])
            return $"the gateway at {address} does not take the key of context {name} any more: larkspur login --url {address} --context {name}";
        return $"the gateway at {address} does not take {(keyFrom.StartsWith("this", StringComparison.Ordinal) ? keyFrom : "this " + keyFrom)}.";
    }

    private static CallFailure Said(HttpStatusCode status, JsonElement problem, string? word)
    {
        var sentence = new StringBuilder(Sentence(problem));
        List<string> known = [];
        // What stands in the path is no field of anything that was written.
        if (Text(problem, "pointer") is { } pointer && !pointer.StartsWith("/{", StringComparison.Ordinal)) sentence.Insert(0, pointer + ": ");
        if (Text(problem, "scope") is { } scope) known.Add(scope);
        if (Number(problem, "code") is { } code) known.Add($"code {code}");
        if (Text(problem, "detail") is { } detail && detail != Text(problem, "message")) known.Add(detail);
        if (Text(problem, "log_id") is { } log) known.Add("log id " + log);
        if (Text(problem, "trace_id") is { } trace) known.Add("trace " + trace);
        if (problem.TryGetProperty("missing_scopes", out var scopes) && scopes.ValueKind == JsonValueKind.Array) known.Add("one of: " + string.Join(", ", scopes.EnumerateArray()));
        sentence.Append(" (").Append(string.Join("; ", [word, .. known])).Append(')');
        if (problem.TryGetProperty("findings", out var findings) && findings.ValueKind == JsonValueKind.Array && !(findings.GetArrayLength() == 1 && Text(findings[0], "message") == Text(problem, "message")))
        {
            foreach (var finding in findings.EnumerateArray()) sentence.Append($"\n  {Text(finding, "pointer")}: {Text(finding, "message")} {Text(finding, "fix")} [{Text(finding, "rule")}]");
        }

        if (problem.TryGetProperty("effect_unknown", out var unknown) && unknown.ValueKind == JsonValueKind.True) sentence.Append("\n  It may have been done all the same.");
        var passing = word is "platform_failed" or "platform_timed_out" or "platform_unreachable" or "busy" or "internal" or "key_rate_limited" or "too_many_attempts";
        var exit = passing ? ExitCodes.NoAnswer : status == HttpStatusCode.BadRequest ? ExitCodes.Usage : ExitCodes.Refused;
        return new CallFailure(exit, sentence.ToString())
        {
            Word = word, MayPass = passing, Pointer = Text(problem, "pointer"), Sentence = Sentence(problem),
        };
    }

    private static string? Sentence(JsonElement? problem) => (Words.AreChinese ? Text(problem, "message_zh") : null) ?? Text(problem, "message");

    private static JsonElement? Problem(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(body) is { ValueKind: JsonValueKind.Object } problem ? problem : null;
        }
        catch (JsonException)
        {
            return null; // something else answers there
        }
    }

    private static string? Text(JsonElement? problem, string name) =>
        problem is { } p && p.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static long? Number(JsonElement problem, string name) => problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : null;
}

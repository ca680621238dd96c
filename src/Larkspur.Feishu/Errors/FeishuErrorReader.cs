using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.Feishu;

/// <summary>Turns a failed answer into the exception that says everything the platform said, without secrets.</summary>
internal sealed class FeishuErrorReader(FeishuOptions options)
{
    private const int ExcerptLength = 200;

    /// <summary>Longest text of the platform's taken over, and most fields named: real ones stay far below; an error must fit into a log line.</summary>
    private const int MaxText = 2000;
    private const int MaxFields = 50;

    /// <summary>Beyond what an excerpt can show by more than any token is long.</summary>
    private const int MaskedLength = 16 << 10;

    /// <summary>A failure by the platform's envelope.</summary>
    public FeishuApiException Read(FeishuCall call, in FeishuAnswerMeta meta, ReadOnlySpan<byte> json, in FeishuAnswerBody body)
    {
        int code = body.Code ?? 0;
        string msg = Said(call, body.OAuthError is not null && body.OAuthDescription is not null
            ? $"{body.OAuthError}: {body.OAuthDescription}"
            : body.Msg ?? body.OAuthDescription ?? body.OAuthError);
        // Not what is wrong with the card: it may be changed when the click is answered.
        int judged = FeishuCardError.Parse(msg) is { IsInUse: true } ? FeishuErrorCodes.CardInUse : code;
        CodeMeaning meaning = FeishuErrorCodes.Judge(judged, meta.Status);
        ErrorObject? error = ReadError(json, body);
        List<string> scopes = meaning.Kind == FailureKind.Permission ? MissingScopes(code, msg, error) : [];
        string? logId = error?.LogId ?? error?.DocumentedLogId ?? meta.LogId;
        Uri? grant = scopes.Count == 0 ? null : GrantUrl(error, scopes, call.TokenKind);
        FeishuFieldViolation[] fields = [.. (error?.FieldViolations ?? []).Take(MaxFields).Select(
            v => new FeishuFieldViolation(Said(call, v.Field), Said(call, Text(v.Value)), Said(call, v.Description)))];

        var text = new StringBuilder($"Feishu refused {call.Endpoint.Id}: {code} \"{msg}\" (HTTP {meta.Status}, log id {logId ?? "none"}).");
        foreach (FeishuFieldViolation field in fields.TakeWhile(_ => text.Length < 2 * MaxText)) text.Append($" Field {field.Field}: {field.Description}.");
        if (grant is not null) text.Append($" The app needs one of these scopes: {string.Join(", ", scopes)}. Grant it at {grant}");
        // A developer reads the message first, in a log where nothing else of the exception is shown.
        else if (FeishuApiException.ExplanationOf(code, msg, call.Endpoint.Id) is { } explanation) text.Append($" {explanation.English}");

        string message = text.ToString();
        FeishuApiException kind = code == FeishuErrorCodes.QuotaExhausted ? new FeishuQuotaExceededException(message)
        {
            Code = code, LogId = logId, FailureKind = FailureKind.Quota, Msg = msg, HttpStatus = meta.Status, Endpoint = call.Endpoint.Id,
            NothingHappened = true,
        }
        : call.TokenKind == FeishuTokenKinds.User && FeishuErrorCodes.IsUserTokenRefused(code) ? new FeishuUserTokenException(message)
        {
            Code = code, LogId = logId, FailureKind = FailureKind.Authentication, Msg = msg, HttpStatus = meta.Status, Endpoint = call.Endpoint.Id,
            NothingHappened = true,
        }
        : new FeishuApiException(message)
        {
            Code = code, LogId = logId, FailureKind = meaning.Kind, Msg = msg, HttpStatus = meta.Status, Endpoint = call.Endpoint.Id,
            FieldViolations = fields, MissingScopes = scopes, GrantUrl = grant, RetryAfter = meta.Reset, NothingHappened = meaning.NothingHappened,
            LimitScope = FeishuErrorCodes.Scope(judged, meta.Status), AnnouncedLimit = meta.Limit,
        };
        return kind;
    }

    /// <summary>An answer that is not the platform's JSON: a proxy's page, a cut-off body.</summary>
    public static FeishuApiException NotJson(FeishuCall call, in FeishuAnswerMeta meta, ReadOnlySpan<byte> body)
    {
        CodeMeaning meaning = FeishuErrorCodes.Judge(0, meta.Status);
        // Masked before it is cut: half a secret is no secret's name any more, and still half a secret.
        string excerpt = TextTruncation.Excerpt(call.Redact(Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaskedLength)])), ExcerptLength);
        string said = excerpt.Length == 0 ? "an empty body" : $"{meta.ContentType ?? "an untyped body"} instead of JSON: \"{excerpt}\"";
        return new FeishuApiException($"{call.Endpoint.Id} was answered with HTTP {meta.Status} and {said} (log id {meta.LogId ?? "none"}).")
        {
            LogId = meta.LogId, FailureKind = meaning.Kind, HttpStatus = meta.Status, Endpoint = call.Endpoint.Id,
            RetryAfter = meta.Reset, NothingHappened = meaning.NothingHappened,
            LimitScope = FeishuErrorCodes.Scope(0, meta.Status), AnnouncedLimit = meta.Limit,
        };
    }

    /// <summary>An answer that does not end where answers end. It is not asked for again: it would only come again.</summary>
    public static FeishuApiException TooLarge(FeishuCall call, in FeishuAnswerMeta meta, int megabytes, Exception inner)
        => new($"{call.Endpoint.Id} was answered with HTTP {meta.Status} and a body larger than {megabytes} MiB (log id {meta.LogId ?? "none"}).", inner)
        {
            LogId = meta.LogId, HttpStatus = meta.Status, Endpoint = call.Endpoint.Id,
        };

    private static ErrorObject? ReadError(ReadOnlySpan<byte> json, in FeishuAnswerBody body)
    {
        if (body.Error.Equals(default)) return null;
        try
        {
            return JsonSerializer.Deserialize<ErrorObject>(json[body.Error], FeishuJson.Options);
        }
        catch (JsonException)
        {
            // Some APIs put their own shapes under "error"; the code and the message still stand.
            return null;
        }
    }

    /// <summary>
    /// The violations come as <c>{scope,url}</c> (guide) or as <c>{type,subject}</c> (real answers); without them the message ends in
    /// "… scopes is required: [a, b]".
    /// </summary>
    private static List<string> MissingScopes(int code, string msg, ErrorObject? error)
    {
        List<string> scopes = [.. (error?.PermissionViolations ?? []).Select(v => v.Subject ?? v.Scope ?? "").Where(s => s.Length is > 0 and <= 200).Distinct().Take(MaxFields)];
        if (scopes.Count > 0 || code is not (99991672 or 99991679)) return scopes;
        int open = msg.IndexOf('[', StringComparison.Ordinal);
        int close = open < 0 ? -1 : msg.IndexOf(']', open);
        return close < 0 ? [] : [.. msg[(open + 1)..close].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
    }

    private Uri GrantUrl(ErrorObject? error, List<string> scopes, FeishuTokenKinds kind)
    {
        IEnumerable<string?> given = [.. (error?.Helps ?? []).Select(h => h.Url), .. (error?.PermissionViolations ?? []).Select(v => v.Url)];
        foreach (string? url in given)
        {
            if (Uri.TryCreate(url, UriKind.Absolute, out Uri? known) && known.Scheme is "https" or "http") return known;
        }

        string token = kind == FeishuTokenKinds.User ? "user" : "tenant";
        return new Uri($"{FeishuHosts.Resolve(options, FeishuHost.OpenApi)}/app/{Uri.EscapeDataString(options.AppId)}/auth"
            + $"?q={string.Join(',', scopes.Select(Uri.EscapeDataString))}&op_from=openapi&token_type={token}");
    }

    /// <summary>Masked, then cut.</summary>
    private static string Said(FeishuCall call, string? text)
    {
        string masked = call.Redact(text ?? "");
        return masked.Length <= MaxText ? masked : string.Concat(masked.AsSpan(0, MaxText), "…");
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        _ => value.GetRawText(),
    };

    private sealed class ErrorObject
    {
        public string? LogId { get; init; }

        /// <summary>The reference's schema spells it so; every answer seen says <c>log_id</c>.</summary>
        [JsonPropertyName("logid")]
        public string? DocumentedLogId { get; init; }

        public FieldViolation[]? FieldViolations { get; init; }

        public PermissionViolation[]? PermissionViolations { get; init; }

        public Help[]? Helps { get; init; }
    }

    private sealed record FieldViolation(string? Field, JsonElement Value, string? Description);

    private sealed record PermissionViolation(string? Type, string? Subject, string? Scope, string? Url);

    private sealed record Help(string? Url, string? Description);
}

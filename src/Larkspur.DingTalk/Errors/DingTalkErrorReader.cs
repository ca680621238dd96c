using System.Text;
using System.Text.Json;

namespace Larkspur.DingTalk;

/// <summary>Makes exceptions of answers that are not good ones.</summary>
internal static class DingTalkErrorReader
{
    private const int MaxText = 500;
    private const int ExcerptLength = 120;

    /// <summary>A JSON answer that says no.</summary>
    /// <param name="call">Whose.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="root">The answer.</param>
    public static DingTalkApiException Read(DingTalkCall call, int status, JsonElement root)
    {
        if (IsBan(root)) return Banned(call, status);
        bool old = call.Endpoint.Form == DingTalkForm.Old;
        string code = (old ? root.Text("errcode") ?? root.Text("code") : root.Text("code") ?? root.Text("errcode")) ?? "";
        string words = (old ? root.Text("errmsg") ?? root.Text("message") : root.Text("message") ?? root.Text("errmsg")) ?? "";
        // 88 is the old gateway's envelope: what is inside says what happened.
        if (old && root.Text("sub_code") is { Length: > 0 } inner && (code is "88" or "15" or "" or "0" || DingTalkErrorCodes.Find(code) is null))
        {
            code = inner;
            words = root.Text("sub_msg") ?? words;
        }

        string? requestId = root.Text("requestid") ?? root.Text("request_id") ?? root.Text("requestId");
        CodeMeaning meaning = DingTalkErrorCodes.Find(code) ?? ByStatus(status);
        bool tooFast = meaning.Kind == FailureKind.RateLimited;
        TimeSpan? pause = meaning.Pause ?? (code is "90018" or "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi" ? call.Endpoint.ThrottlePause : null);
        string said = Said(call, words);
        IReadOnlyList<string> scopes = meaning.Kind == FailureKind.Permission ? Scopes(root) : [];
        string text = $"{call.Endpoint.Id} was refused with {(code.Length == 0 ? $"HTTP {status}" : Said(call, code))}{(said.Length == 0 ? "" : $": {said}")} (request id {requestId ?? "none"})."
            + (scopes.Count == 0 ? "" : $" Grant in the developer console: {string.Join(", ", scopes)}.");
        if (meaning.Kind == FailureKind.Quota)
        {
            return new DingTalkQuotaExceededException(text)
            {
                ErrorCode = code, Code = Number(code), Msg = said, HttpStatus = status, Endpoint = call.Endpoint.Id, LogId = requestId,
                FailureKind = FailureKind.Quota, NothingHappened = true,
            };
        }

        if (call.Endpoint.Token == DingTalkTokenKind.User && DingTalkErrorCodes.IsTokenRefused(code))
        {
            return new DingTalkUserTokenException(text)
            {
                ErrorCode = code, Code = Number(code), Msg = said, HttpStatus = status, Endpoint = call.Endpoint.Id, LogId = requestId,
                FailureKind = FailureKind.Authentication, NothingHappened = true,
            };
        }

        return new DingTalkApiException(text)
        {
            ErrorCode = code,
            Code = Number(code),
            Msg = said,
            HttpStatus = status,
            Endpoint = call.Endpoint.Id,
            LogId = requestId,
            FailureKind = meaning.Kind,
            NothingHappened = meaning.NothingHappened,
            LimitScope = tooFast ? RateLimitScope.Endpoint : RateLimitScope.None,
            RetryAfter = pause,
            MissingScopes = scopes,
        };
    }

    /// <summary>An answer that is no JSON: a page of something on the way, or of the guard before the platform.</summary>
    public static DingTalkApiException NotJson(DingTalkCall call, int status, ReadOnlySpan<byte> body)
    {
        string text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, 4096)]);
        if (text.Contains("punish", StringComparison.OrdinalIgnoreCase) || text.Contains("x5referer", StringComparison.OrdinalIgnoreCase)) return Banned(call, status);
        CodeMeaning meaning = ByStatus(status);
        return new DingTalkApiException(
            $"{call.Endpoint.Id} was answered with HTTP {status} and something that is not DingTalk's JSON: {TextTruncation.Excerpt(call.Redact(text), ExcerptLength)}")
        {
            HttpStatus = status,
            Endpoint = call.Endpoint.Id,
            // A page with HTTP 200 proves nothing about what became of the call.
            FailureKind = status is >= 200 and < 300 ? FailureKind.Transient : meaning.Kind,
            NothingHappened = meaning.NothingHappened,
            LimitScope = meaning.Kind == FailureKind.RateLimited ? RateLimitScope.Endpoint : RateLimitScope.None,
        };
    }

    /// <summary>An answer too large to be one.</summary>
    public static DingTalkApiException TooLarge(DingTalkCall call, int status, int megabytes, Exception cause)
        => new($"{call.Endpoint.Id} was answered with more than {megabytes} MB.", cause) { HttpStatus = status, Endpoint = call.Endpoint.Id };

    /// <summary>A good answer without what it must have.</summary>
    public static DingTalkApiException WrongShape(string endpoint, string problem, Exception? cause = null)
        => new($"{endpoint} succeeded, but its answer does not have the expected shape: {problem}.", cause) { HttpStatus = 200, Endpoint = endpoint };

    /// <summary><c>{"status":1111,"wait":5,"source":"x5","punish":"deny",…}</c>.</summary>
    public static bool IsBan(JsonElement root) => root.Text("status") == "1111" || root.Text("punish") is not null;

    private static DingTalkApiException Banned(DingTalkCall call, int status)
        => new($"{call.Endpoint.Id} was turned away: this machine's address made too many calls (10 000 in 20 s are allowed) and is shut out for five minutes, for every app on it.")
        {
            HttpStatus = status,
            Endpoint = call.Endpoint.Id,
            FailureKind = FailureKind.RateLimited,
            NothingHappened = true,
            LimitScope = RateLimitScope.Endpoint,
            // The answer's "wait" has no documented unit; the page says five minutes.
            RetryAfter = DingTalkErrorCodes.AddressBan,
            IsAddressBanned = true,
        };

    private static CodeMeaning ByStatus(int status) => status switch
    {
        429 => new(FailureKind.RateLimited, NothingHappened: true),
        >= 500 => new(FailureKind.Transient), // 504 among them: the gateway's 3 s were over, and the call may have worked
        401 => new(FailureKind.Authentication, NothingHappened: true),
        403 => new(FailureKind.Permission, NothingHappened: true),
        404 => new(FailureKind.NotFound, NothingHappened: true),
        >= 400 => new(FailureKind.Invalid, NothingHappened: true),
        _ => new(FailureKind.Unknown),
    };

    private static List<string> Scopes(JsonElement root)
    {
        var scopes = new List<string>();
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("accessdenieddetail", out JsonElement detail) && detail.ValueKind == JsonValueKind.Object
            && detail.TryGetProperty("requiredScopes", out JsonElement required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement scope in required.EnumerateArray())
            {
                if (scope.ValueKind == JsonValueKind.String && scope.GetString() is { Length: > 0 and <= 200 } name) scopes.Add(name);
            }
        }

        return scopes;
    }

    private static int Number(string code) => int.TryParse(code, out int number) ? number : 0;

    private static string Said(DingTalkCall call, string text) => call.Redact(text).Truncate(MaxText);
}

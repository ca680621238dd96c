namespace Larkspur.Feishu;

/// <summary>Feishu answered and said no: with <c>code != 0</c> (whatever the HTTP status), or with something that is not its JSON.</summary>
/// <remarks>Its texts never contain a token or a secret.</remarks>
public class FeishuApiException : PlatformApiException
{
    /// <summary>Makes one; the SDK does, and tests may.</summary>
    public FeishuApiException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public override string Platform => "feishu";

    /// <summary>The platform's <c>msg</c> (its wording changes without notice: decide on <see cref="PlatformApiException.Code"/>).</summary>
    public string Msg { get; init; } = "";

    /// <summary>HTTP status of the answer. 200 does not mean success, and this exception proves it.</summary>
    public int HttpStatus { get; init; }

    /// <summary>The endpoint's catalogue id.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Which fields the platform found wrong.</summary>
    public IReadOnlyList<FeishuFieldViolation> FieldViolations { get; init; } = [];

    /// <summary>Scopes the call needs; ONE of them is enough unless the platform's message says otherwise.</summary>
    public IReadOnlyList<string> MissingScopes { get; init; } = [];

    /// <summary>The console page where an administrator grants <see cref="MissingScopes"/>; null when no scope is missing.</summary>
    public Uri? GrantUrl { get; init; }

    /// <summary>The ceiling of the window that was full, as the platform named it (<c>x-ogw-ratelimit-limit</c>), or null.</summary>
    public int? AnnouncedLimit { get; init; }

    /// <summary>Why a card was not taken (<c>230099</c> and its like): the inner code, where in the card, which value. Null when the platform does not say.</summary>
    public FeishuCardError? CardError => FeishuCardError.Parse(Msg);

    /// <summary>What happened and what to do, in plain language for people; null for codes that are no business of theirs.
    /// The English one ends the exception's message too, save where scopes are missing: there it names them.</summary>
    public FeishuExplanation? Explanation => ExplanationOf(Code, Msg, Endpoint);

    internal static FeishuExplanation? ExplanationOf(int code, string msg, string endpoint) =>
        FeishuCardError.Parse(msg) is { } card && FeishuExplanation.Of(card.IsInUse ? FeishuErrorCodes.CardInUse : card.Code) is { } inner
            ? inner
            : FeishuErrorTexts.Of(code, endpoint);
}

/// <summary>The tenant's monthly API quota is used up (<c>99991403</c>). Stop calling and tell a human: no retry helps before next month.</summary>
public sealed class FeishuQuotaExceededException(string message) : FeishuApiException(message);

/// <summary>The person's token was refused (expired, revoked, malformed, or not taken by this API). The SDK does not own it: refresh it and call again.</summary>
public sealed class FeishuUserTokenException(string message) : FeishuApiException(message);

/// <summary>
/// A store app has no valid <c>app_ticket</c>. The platform was asked to push it again; it comes as the event <c>app_ticket</c> within seconds, so
/// the call may be repeated then.
/// </summary>
public sealed class FeishuAppTicketException(string message) : FeishuApiException(message)
{
    /// <inheritdoc/>
    public override bool IsTransient => true;
}

/// <summary>One field that the platform refused.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Value">What was sent.</param>
/// <param name="Description">Why it is wrong.</param>
public sealed record FeishuFieldViolation(string Field, string Value, string Description);

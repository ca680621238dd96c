namespace Larkspur.DingTalk;

/// <summary>DingTalk answered and said no, or with something that is not its JSON.</summary>
/// <remarks>Its texts never contain a token, a secret or an address with one of these in it.</remarks>
public class DingTalkApiException : PlatformApiException
{
    /// <summary>Makes one; the SDK does, and tests may.</summary>
    public DingTalkApiException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public override string Platform => "dingtalk";

    /// <summary>The platform's code as it stands: a word (<c>Forbidden.AccessDenied.QpsLimitForApi</c>) of new calls, a number of old ones; empty when there was none.</summary>
    public string ErrorCode { get; init; } = "";

    /// <summary>The platform's own words (they change without notice: decide on <see cref="ErrorCode"/>).</summary>
    public string Msg { get; init; } = "";

    /// <summary>HTTP status of the answer. An old call that failed has 200.</summary>
    public int HttpStatus { get; init; }

    /// <summary>The endpoint's id.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>Permissions that the app lacks for this call, to be granted in the developer console.</summary>
    public IReadOnlyList<string> MissingScopes { get; init; } = [];

    /// <summary>The platform has shut out this machine's address for five minutes (more than 10 000 calls in 20 s); every app of the machine is affected.</summary>
    public bool IsAddressBanned { get; init; }
}

/// <summary>The organisation's calls of the month are used up (<c>90020</c>, <c>ApiCountLimitForOrg</c>). Stop calling and tell a human: no retry helps before next month.</summary>
public sealed class DingTalkQuotaExceededException(string message) : DingTalkApiException(message);

/// <summary>The person's token was refused. The SDK does not own it: refresh it and call again.</summary>
public sealed class DingTalkUserTokenException(string message) : DingTalkApiException(message);

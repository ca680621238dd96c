namespace Larkspur.WeCom;

/// <summary>WeCom answered and said no: with <c>errcode != 0</c> (whatever the HTTP status), or with something that is not its JSON.</summary>
/// <remarks>Its texts never contain a token, a key or a secret.</remarks>
public class WeComApiException : PlatformApiException
{
    /// <summary>Makes one; the SDK does, and tests may.</summary>
    public WeComApiException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public override string Platform => "wecom";

    /// <summary>The platform's <c>errmsg</c>, without credentials. Its wording changes without notice: decide on <see cref="PlatformApiException.Code"/>.</summary>
    public string ErrorMessage { get; init; } = "";

    /// <summary>HTTP status of the answer; 0 over the long connection. 200 does not mean success, and this exception proves it.</summary>
    public int HttpStatus { get; init; }

    /// <summary>The call, <c>message.send</c>.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>What to do, in a sentence for whoever runs the program; null for codes that need none.</summary>
    public string? Advice => WeComErrorCodes.Advice(Code);
}

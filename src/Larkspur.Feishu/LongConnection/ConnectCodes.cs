using Larkspur.Sockets;

namespace Larkspur.Feishu.LongConnection;

/// <summary>The platform's codes for refused connections: of the call for the address, and of the handshake.</summary>
internal static class ConnectCodes
{
    public const long Ok = 0;
    public const long Busy = 1;
    public const long InternalError = 1000040343;
    public const long Forbidden = 403;
    public const long AuthenticationFailed = 514;
    public const long TooManyConnections = 1000040350;

    /// <summary>The exception for a code other than <see cref="Ok"/>.</summary>
    /// <param name="code">The code.</param>
    /// <param name="message">The platform's text.</param>
    /// <param name="appId">Whose connection it is.</param>
    public static Exception Judge(long code, string? message, string appId)
    {
        return code switch
        {
            Busy or InternalError => new SocketConnectException($"the platform is busy ({code} {Short(message)})"),
            AuthenticationFailed => Refusal(FeishuLongConnectionFailure.AuthenticationFailed,
                "App ID or App Secret is wrong; compare them with Credentials & Basic Info in the developer console"),
            Forbidden => Refusal(FeishuLongConnectionFailure.Forbidden, "the app may not connect; it has to be a self-built one, released and enabled in its tenant"),
            TooManyConnections => Refusal(FeishuLongConnectionFailure.TooManyConnections, "the app has as many connections as the platform allows, 50"),
            _ => Refusal(FeishuLongConnectionFailure.Configuration,
                "the subscription mode under Events & Callbacks in the developer console has to be the long connection"),
        };

        FeishuLongConnectionException Refusal(FeishuLongConnectionFailure failure, string meaning) =>
            new(failure, code, $"Feishu refuses a long connection to app {appId}: {meaning}. (code {code}, {Short(message)})");
    }

    /// <summary>The platform's text, in bounds.</summary>
    public static string Short(string? text) => text?.Truncate(200) ?? "";
}

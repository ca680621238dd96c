using System.Text;
using Larkspur.Emulator.WeCom;
using Larkspur.Emulator.WeCom.AiBots;

namespace Larkspur.Emulator.Web;

/// <summary>
/// A recorded call as a command for a POSIX shell. It holds what the inspector holds: of secrets what is left of them there, to be put in
/// again by who has them.
/// </summary>
internal static class CurlCommand
{
    private const string Next = " \\\n  ";

    /// <summary>What curl says itself, or what belongs to one connection or one trace alone.</summary>
    private static readonly HashSet<string> Own = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Connection", "Transfer-Encoding", "Expect", "Accept-Encoding", "traceparent", "tracestate",
    };

    /// <param name="root">Where the emulator is: <c>http://127.0.0.1:5101</c>.</param>
    /// <returns>Null for what is no HTTP call of its own: a frame, or a connection that was opened.</returns>
    public static string? Of(ApiCall call, string root)
    {
        if (call.Status == StatusCodes.Status101SwitchingProtocols || call.Method == BotSocketEndpoint.Method) return null;
        return Write(call.Method, root + call.Path, call.Headers, call.RequestBody);
    }

    /// <summary>A push over HTTP, once more to its receiver.</summary>
    /// <returns>Null for one that went over a long connection.</returns>
    public static string? Of(PushAttempt push)
    {
        if (push.Transport != PushAttempt.Webhook) return null;
        // WeCom asks an address whether it is the application's by a GET that has everything in its query.
        if (push is { Platform: WeComPlatform.PlatformName, EventType: "url_verification" })
            return Write(HttpMethods.Get, push.Url, push.Headers, "");
        return Write(HttpMethods.Post, push.Url, push.Headers, push.EncryptedBody.Length > 0 ? push.EncryptedBody : push.PlainBody);
    }

    private static string Write(string method, string url, IEnumerable<KeyValuePair<string, string>> headers, string body)
    {
        var sent = headers.ToArray();
        var parts = sent.Any(static h => Is(h, "Content-Type") && h.Value.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase));
        var command = new StringBuilder("curl");
        if (method == HttpMethods.Head) command.Append(" --head");
        else if (method != (body.Length > 0 ? HttpMethods.Post : HttpMethods.Get)) command.Append(" -X ").Append(method);
        // Brackets of an address, as what is left of a secret has them, are patterns to curl.
        if (url.AsSpan().ContainsAny("[]{}")) command.Append(" --globoff");
        command.Append(' ').Append(Quoted(url));
        foreach (var header in sent.Where(h => !Own.Contains(h.Key) && !(parts && Is(h, "Content-Type"))))
        {
            command.Append(Next).Append("-H ").Append(Quoted($"{header.Key}: {header.Value}"));
        }

        if (body.Length == 0) return command.ToString();
        if (!parts) return command.Append(Next).Append("--data-raw ").Append(Quoted(body)).ToString();

        // Of a form the inspector keeps a line a field, and of a file what it is: which file to send is for the reader to say.
        foreach (var line in body.Split('\n'))
        {
            if (line.Split(" = ", 2) is not [var name, var value]) continue;
            command.Append(Next).Append(value is ['<', .., '>'] ? "-F " : "--form-string ")
                .Append(Quoted($"{name}={(value is ['<', .., '>'] ? "@FILE" : value)}"));
        }

        return command.ToString();
    }

    private static bool Is(KeyValuePair<string, string> header, string name) => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string Quoted(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}

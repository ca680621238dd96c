using System.Net;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Api.Hosts;

/// <summary>
/// By which names the gateway may be called (<c>LARKSPUR_ALLOWED_HOSTS</c>). A page somewhere that lets its own name lead here (DNS
/// rebinding) would else reach what answers to this machine or network, and a made-up name would stand in links that the gateway hands
/// out.
/// </summary>
/// <remarks>
/// Without the setting: loopback names, addresses, this machine's name, the names that are listened on, and the host of the public
/// address (<c>LARKSPUR_BASE_URL</c> or the setting of run time). An address cannot be rebound, and whoever called it knew where it is.
/// </remarks>
internal sealed class AllowedHosts
{
    public const string Setting = "LARKSPUR_ALLOWED_HOSTS";
    public const string Anybody = "*";

    private const int Longest = 255;

    private readonly IReadOnlyList<string>? _named;
    private readonly HashSet<string> _own;
    private readonly ISettings _settings;

    public AllowedHosts(ApiOptions gateway, ISettings settings)
    {
        _settings = settings;
        _named = gateway.AllowedHosts;
        _own = new HashSet<string>(gateway.Urls.Select(HostOf)
            .OfType<string>(), StringComparer.OrdinalIgnoreCase) { Environment.MachineName };
    }

    /// <summary>Reads and judges the setting; null: it is not set.</summary>
    public static IReadOnlyList<string>? Read(IConfiguration configuration, List<string> problems)
    {
        if (AddressList.Words(configuration[Setting]) is not { Length: > 0 } words) return null;
        foreach (var word in words.Where(w => !IsHost(w)))
            problems.Add($"{Setting}: \"{word}\" is no host. Write names without scheme and port, like larkspur.example.com or *.example.com; * alone allows every name");
        return words;
    }

    /// <summary>The host is this machine's own: its loopback address or <c>localhost</c>.</summary>
    public static bool IsLoopback(HostString host) => Plain(host.Host) is var name
        && (name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>Whether the gateway answers to this host.</summary>
    public bool Has(HostString host)
    {
        if (!host.HasValue || host.Value!.Length > Longest) return false;
        var name = Plain(host.Host);
        if (IsLoopback(host) || IsPublic(name)) return true;
        if (_named is not null) return _named.Any(pattern => Fits(pattern, name));
        return IPAddress.TryParse(name, out _) || _own.Contains(name);
    }

    private bool IsPublic(string name) => _settings.Now.Text(PublicAddress.Setting) is { } known
        && Uri.TryCreate(known, UriKind.Absolute, out var ours)
        && Plain(ours.Host).Equals(name, StringComparison.OrdinalIgnoreCase);

    private static bool Fits(string pattern, string name) => pattern == Anybody
        || (pattern.StartsWith("*.", StringComparison.Ordinal) ? name.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : Plain(pattern).Equals(name, StringComparison.OrdinalIgnoreCase));

    private static string Plain(string host) => host.Trim('[', ']').TrimEnd('.');

    private static bool IsHost(string word) => word == Anybody || IPAddress.TryParse(word.Trim('[', ']'), out _)
        || Uri.CheckHostName(word.StartsWith("*.", StringComparison.Ordinal) ? word[2..] : word) == UriHostNameType.Dns;

    /// <summary>Kestrel's words for every address are no names.</summary>
    private static string? HostOf(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Host is not ("*" or "+")
        ? Plain(uri.Host) : null;
}

/// <summary>Refuses requests to other names, in plain words, before anything of them is read.</summary>
internal static class HostGate
{
    /// <summary>Probes come by whatever name a load balancer knows, and are told one word. Events are believed for their signature alone,
    /// and must not be lost for a proxy's name.</summary>
    private static readonly PathString[] AnyName = ["/health", "/webhook"];

    public static void UseHostGate(this WebApplication app)
    {
        var hosts = new Lazy<AllowedHosts>(() =>
            new AllowedHosts(app.Services.GetRequiredService<ApiOptions>(), app.Services.GetRequiredService<ISettings>()));
        app.Use((http, next) =>
        {
            return Array.Exists(AnyName, path => http.Request.Path.StartsWithSegments(path)) || hosts.Value.Has(http.Request.Host)
                ? next(http) : RefuseAsync(http);
        });
    }

    private static async Task RefuseAsync(HttpContext http)
    {
        // The name is not repeated: whoever has no key gets nothing of his own words back.
        var told = ApiTexts.UnknownHost(AllowedHosts.Setting);
        var problem = Problem.Of(StatusCodes.Status421MisdirectedRequest, "unknown_host") with
        {
            Message = told.English,
            MessageZh = told.Chinese,
        };
        if (Problems.AreSpokenAt(http.Request.Path))
        {
            await Problems.WriteAsync(http, problem);
            return;
        }

        http.Response.StatusCode = problem.Status;
        http.Response.ContentType = "text/plain; charset=utf-8";
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.WriteAsync($"{problem.MessageZh}\n{problem.Message}\n",
            http.RequestAborted);
    }
}

using System.Collections.Specialized;
using System.Net;
using System.Text.Json.Nodes;
using System.Web;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>An emulator whose clock stands still, a person at its sign-in page, and an app that fetches tokens.</summary>
public abstract class SignInTest : IAsyncLifetime
{
    protected const string Page = "/open-apis/authen/v1/authorize";
    protected const string V2 = "/open-apis/authen/v2/oauth/token";
    protected const string Callback = "https://app.example/back";
    protected const string Secret = EmulatorSettings.DefaultAppSecret;
    protected const string OtherApp = "cli_0therapp00000000";

    protected EmulatorApp Emulator { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() =>
        Emulator = await EmulatorApp.StartAsync(s => s with { RealTime = new ManualTimeProvider(), RateLimitFactor = 0 });

    public virtual async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static Dictionary<string, string> Query(params (string Name, string Value)[] more)
    {
        var query = new Dictionary<string, string>
        {
            ["client_id"] = EmulatorApp.AppId, ["response_type"] = "code", ["redirect_uri"] = Callback, ["state"] = "s1",
        };
        foreach (var (name, value) in more) query[name] = value;
        return query;
    }

    protected async Task<PageReply> GetAsync(string path, IEnumerable<KeyValuePair<string, string>> query, params (string Name, string Value)[] headers)
    {
        var address = path + "?" + string.Join('&', query.Select(q => $"{Uri.EscapeDataString(q.Key)}={Uri.EscapeDataString(q.Value)}"));
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new PageReply(response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.Location?.OriginalString, response.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }

    protected Task<PageReply> AuthorizeAsync(params (string Name, string Value)[] more) => GetAsync(Page, Query(more));

    /// <summary>Somebody allows, and the app gets a code.</summary>
    protected async Task<string> CodeAsync(string who = "alice", string scope = "", params (string Name, string Value)[] more)
    {
        var back = await AuthorizeAsync([("as", who), ("decision", "allow"), ("scope", scope), .. more]);
        return back.Told["code"] ?? throw new InvalidOperationException($"{back.Status} {back.Text}");
    }

    protected Task<ApiReply> TokenAsync(object body) => Emulator.CallAsync(HttpMethod.Post, V2, null, body);

    protected Task<ApiReply> ExchangeAsync(string code, string? verifier = null, string? scope = null, string? redirect = null) => TokenAsync(new
    {
        grant_type = "authorization_code", client_id = EmulatorApp.AppId, client_secret = Secret, code, code_verifier = verifier, scope,
        redirect_uri = redirect,
    });

    protected Task<ApiReply> RefreshAsync(string token, string? scope = null, string app = EmulatorApp.AppId, string secret = Secret) =>
        TokenAsync(new { grant_type = "refresh_token", client_id = app, client_secret = secret, refresh_token = token, scope });

    protected async Task<ApiReply> SignedInAsync(string who = "alice", string scope = "")
    {
        var reply = await ExchangeAsync(await CodeAsync(who, scope));
        Assert.True(reply is { Status: 200, Code: 0 }, reply.Json.ToJsonString());
        return reply;
    }

    protected Task<ApiReply> UserInfoAsync(string token) => Emulator.CallAsync(HttpMethod.Get, "/open-apis/authen/v1/user_info", token);

    protected Task PersonAsync(string who, object change) => Emulator.ControlAsync(HttpMethod.Patch, "people/" + who, change);

    protected Task AppAsync(object change) => Emulator.ControlAsync(HttpMethod.Patch, "apps/" + EmulatorApp.AppId, change);

    protected Task AddOtherAppAsync() => Emulator.ControlAsync(HttpMethod.Post, "apps", new { app_id = OtherApp, app_secret = "other-secret" });

    protected static string Said(ApiReply reply, string name) => reply.Json[name]!.GetValue<string>();

    /// <summary>A refusal of v2: flat, with the platform's code and the standard's word.</summary>
    protected static void Refused(ApiReply reply, long code, string word = "invalid_grant", int status = 400)
    {
        Assert.True(reply.Status == status && reply.Code == code, $"{reply.Status} {reply.Json.ToJsonString()}");
        Assert.Equal(["code", "error", "error_description"], reply.Json.Select(m => m.Key).Order(StringComparer.Ordinal));
        Assert.Equal(word, reply.Json["error"]!.GetValue<string>());
    }

    protected sealed record PageReply(HttpStatusCode Status, string Text, string? Location, IReadOnlyDictionary<string, string> Headers)
    {
        public NameValueCollection Told => HttpUtility.ParseQueryString(Location is null ? "" : new Uri(Location).Query);

        /// <summary>It is the platform's error page, and shows the code.</summary>
        public void IsProblem(int code)
        {
            Assert.Equal(HttpStatusCode.BadRequest, Status);
            Assert.Null(Location);
            Assert.Contains($"<code>{code}</code>", Text, StringComparison.Ordinal);
        }
    }
}

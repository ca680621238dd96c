using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Web;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>The sign-in pages as a browser fetches them, and the calls that redeem what they give.</summary>
public abstract partial class SignInTest : WeComTest
{
    protected const string Back = "http://127.0.0.1:8080/back?a=1";
    protected const string InClient = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 wxwork/4.1.36 MicroMessenger/7.0.1";

    /// <summary>The address of the client's page.</summary>
    protected static string Client(string more = "", string scope = "snsapi_base") => "/connect/oauth2/authorize?" + Query(
        ("appid", Corp.CorpId), ("redirect_uri", Back), ("response_type", "code"), ("scope", scope), ("agentid", $"{Corp.AgentId}"), ("state", "s1")) + more;

    /// <summary>The address of the browser's page.</summary>
    protected static string Web(string more = "", string? back = Back, string? corp = null, string? agent = null, string type = "CorpApp") => "/wwlogin/sso/login?" + Query(
        ("login_type", type), ("appid", corp ?? Corp.CorpId), ("agentid", agent ?? $"{Corp.AgentId}"), ("redirect_uri", back ?? ""), ("state", "s1")) + more;

    protected async Task<SignInReply> PageAsync(string address, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Emulator.Http.SendAsync(request, Cancel);
        var cookie = response.Headers.TryGetValues("Set-Cookie", out var set) ? set.Single().Split(';')[0] : "";
        return new SignInReply(response.StatusCode, response.Headers.Location, await response.Content.ReadAsStringAsync(Cancel), cookie,
            response.Headers.TryGetValues("Content-Security-Policy", out var policy) ? policy.Single() : "");
    }

    protected async Task<string> CodeAsync(string who, string more = "", string scope = "snsapi_base")
    {
        var reply = await PageAsync(Client($"&as={who}{more}", scope));
        return reply.Told["code"] ?? throw new InvalidOperationException(reply.Text);
    }

    protected Task<JsonObject> WhoAsync(string? code) => CallAsync($"/cgi-bin/auth/getuserinfo?code={code}");

    protected async Task<string> SilentAsync(object action) => Text(await ActAsync(action), "code");

    protected async Task GuestAsync(string person = "dan", string corp = "wwother") =>
        await Emulator.ControlAsync(HttpMethod.Post, "guests", new { person, tenant_key = corp, name = "丹" });

    protected Task<JsonObject> RulesAsync(object rules)
    {
        var action = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(rules))!.AsObject();
        (action["platform"], action["do"]) = ("wecom", "configure_sign_in");
        return ActAsync(action);
    }

    protected Task PersonAsync(string who, object change) => Emulator.ControlAsync(HttpMethod.Patch, "people/" + who, change);

    private static string Query(params (string Name, string Value)[] members) =>
        string.Join('&', members.Select(m => $"{m.Name}={Uri.EscapeDataString(m.Value)}"));

    protected sealed partial record SignInReply(HttpStatusCode Status, Uri? Location, string Text, string Cookie, string Policy)
    {
        public System.Collections.Specialized.NameValueCollection Told => HttpUtility.ParseQueryString(Location?.Query ?? "");

        public IEnumerable<string> People => Radio().Matches(Text).Select(m => m.Groups[1].Value);

        /// <summary>What a panel tells first.</summary>
        public JsonObject Settings => JsonNode.Parse(Panel().Match(Text).Groups[1].Value)!.AsObject();

        [GeneratedRegex("type=\"radio\" name=\"as\" value=\"([^\"]+)\"")]
        private static partial Regex Radio();

        [GeneratedRegex(@"\}\)\((\{.*?\})\);</script>", RegexOptions.Singleline)]
        private static partial Regex Panel();
    }
}

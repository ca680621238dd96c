using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>The frame with the QR code, what it tells the page around it, and where that goes on.</summary>
public sealed partial class QrTests : SignInTest
{
    private const string Frame = "/suite/passport/sso/qr";
    private const string Passport = "/suite/passport/oauth/";

    private string Goto => $"{Emulator.BaseUrl.ToString().TrimEnd('/')}{Passport}authorize?client_id={EmulatorApp.AppId}"
        + $"&redirect_uri={Uri.EscapeDataString(Callback)}&response_type=code&state=s1";

    [Fact]
    public async Task The_frame_offers_the_people_and_may_stand_in_other_pages()
    {
        var page = await GetAsync(Frame, Asked());
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("name=\"as\" value=\"alice\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors http: https:", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("1.0.3", true)]
    public async Task A_scan_is_told_in_the_shape_of_the_scripts_version_and_gives_a_code(string? version, bool isObject)
    {
        var message = await ScannedAsync(version);
        Assert.Equal(isObject, message is JsonObject);
        var scan = isObject ? message["tmp_code"]!.GetValue<string>() : message.GetValue<string>();
        var back = await Emulator.Http.GetAsync(new Uri($"{Goto}&tmp_code={scan}"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Found, back.StatusCode);
        Assert.Matches("^https://app.example/back\\?code=[A-Za-z0-9_-]{64,}&state=s1$", back.Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.BadRequest, (await Emulator.Http.GetAsync(new Uri($"{Goto}&tmp_code={scan}"), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task The_code_is_good_at_v2_and_at_the_passport()
    {
        Assert.Equal("鲍勃", (await UserInfoAsync(Said(await ExchangeAsync(await ScannedCodeAsync("bob")), "access_token"))).Data["name"]!.GetValue<string>());
        var code = await ScannedCodeAsync("carol");
        var tokens = await PassportAsync("authorization_code", ("code", code), ("redirect_uri", Callback));
        Assert.Equal(7200, tokens.Json["expires_in"]!.GetValue<int>());
        var info = await Emulator.CallAsync(HttpMethod.Get, Passport + "userinfo", Said(tokens, "access_token"));
        Assert.Equal(("卡罗尔", "carol"), (Said(info, "name"), Said(info, "user_id")));
        Refused(await PassportAsync("authorization_code", ("code", code)), 20065);
        Assert.Equal(200, (await PassportAsync("refresh_token", ("refresh_token", Said(tokens, "refresh_token")))).Status);
        Refused(await PassportAsync("refresh_token", ("refresh_token", Said(tokens, "refresh_token"))), 20073);
    }

    [Fact]
    public async Task A_scan_is_good_for_its_address_and_for_five_minutes()
    {
        var scan = (await ScannedAsync(null)).GetValue<string>();
        var elsewhere = Goto.Replace("app.example", "other.example", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await Emulator.Http.GetAsync(new Uri($"{elsewhere}&tmp_code={scan}"), TestContext.Current.CancellationToken)).StatusCode);
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.BadRequest, (await Emulator.Http.GetAsync(new Uri($"{Goto}&tmp_code={scan}"), TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Only_the_passports_address_is_one_to_go_on_to()
    {
        foreach (var wrong in new[] { "", "/suite/passport/oauth/authorize", Goto.Replace("/suite/passport/oauth/", "/open-apis/authen/v1/", StringComparison.Ordinal), Goto.Replace("127.0.0.1", "evil.example", StringComparison.Ordinal) })
            (await GetAsync(Frame, [KeyValuePair.Create("goto", wrong)])).IsProblem(20063);
        await AppAsync(new { redirect_uris = new[] { "https://app.example/other" } });
        (await GetAsync(Frame, Asked())).IsProblem(20029);
    }

    [Fact]
    public async Task On_demand_the_message_comes_from_another_origin()
    {
        await AppAsync(new { qr_wrong_origin = true });
        var moved = await GetAsync(Frame, Asked("1.0.3", "alice"));
        Assert.Equal(HttpStatusCode.Found, moved.Status);
        var there = new Uri(moved.Location!);
        Assert.Equal(("localhost", Emulator.BaseUrl.Port), (there.Host, there.Port));
        var page = await Emulator.Http.GetStringAsync(there.PathAndQuery, TestContext.Current.CancellationToken);
        Assert.NotNull(Message(page)["tmp_code"]);
        await AppAsync(new { qr_wrong_origin = false });
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(Frame, Asked("1.0.3", "alice"))).Status);
    }

    private Dictionary<string, string> Asked(string? version = null, string? who = null)
    {
        var query = new Dictionary<string, string> { ["goto"] = Goto };
        if (version is not null) query["sdk_version"] = version;
        if (who is not null) query["as"] = who;
        return query;
    }

    private async Task<JsonNode> ScannedAsync(string? version, string who = "alice")
    {
        var page = await GetAsync(Frame, Asked(version, who));
        var nonce = Nonce().Match(page.Text).Groups[1].Value;
        Assert.Contains($"script-src 'nonce-{nonce}'", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        return Message(page.Text);
    }

    private async Task<string> ScannedCodeAsync(string who)
    {
        var scan = (await ScannedAsync(null, who)).GetValue<string>();
        using var back = await Emulator.Http.GetAsync(new Uri($"{Goto}&tmp_code={scan}"), TestContext.Current.CancellationToken);
        return System.Web.HttpUtility.ParseQueryString(back.Headers.Location!.Query)["code"]!;
    }

    private Task<ApiReply> PassportAsync(string grant, params (string Name, string Value)[] fields)
    {
        var form = fields.Append(("grant_type", grant)).Append(("client_id", EmulatorApp.AppId)).Append(("client_secret", Secret));
        return Emulator.CallAsync(HttpMethod.Post, Passport + "token", null, new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Item1, f.Item2))));
    }

    private static JsonNode Message(string page) => JsonNode.Parse(Posted().Match(page).Groups[1].Value)!;

    [GeneratedRegex("parent\\.postMessage\\((.+?), \"\\*\"\\);")]
    private static partial Regex Posted();

    [GeneratedRegex("<script nonce=\"([0-9a-f]+)\">")]
    private static partial Regex Nonce();
}

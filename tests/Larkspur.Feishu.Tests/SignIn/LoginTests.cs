using Larkspur.Feishu.SignIn;

namespace Larkspur.Feishu.Tests.SignIn;

/// <summary>The way to the sign-in page and back.</summary>
public sealed class LoginTests
{
    private static readonly Uri Back = new("https://gw.mica.example/sign-in/feishu/callback");
    private static readonly FeishuClient Client = new("cli_a1", "app-secret-value");

    [Fact]
    public void A_verifier_has_the_challenge_of_the_specification()
    {
        // RFC 7636, appendix B.
        var pair = PkcePair.Of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        Assert.Equal("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", pair.Challenge);
        Assert.DoesNotContain(pair.Verifier, pair.ToString(), StringComparison.Ordinal);
        Assert.Equal(43, PkcePair.New().Verifier.Length);
        Assert.NotEqual(PkcePair.New(), PkcePair.New());
    }

    [Theory]
    [InlineData("too-short")]
    [InlineData("dBjftJeZ4CVP+mB92K27uhbUJU1p1r/wW1gFWFOEjXk=")]
    [InlineData("")]
    public void What_is_no_verifier_is_refused(string text) => Assert.Throws<ArgumentException>(() => PkcePair.Of(text));

    [Fact]
    public void The_address_says_what_is_asked()
    {
        var page = new FeishuLoginPage { Scopes = ["docx:document", "docx:document"], Offline = true, AsksAgain = true, Challenge = "abc" };
        Assert.Equal("https://accounts.feishu.cn/open-apis/authen/v1/authorize?client_id=cli_a1&response_type=code"
            + "&redirect_uri=https%3A%2F%2Fgw.mica.example%2Fsign-in%2Ffeishu%2Fcallback&scope=docx%3Adocument%20offline_access&state=s-1"
            + "&code_challenge=abc&code_challenge_method=S256&prompt=consent", Client.SignIn.Address(Back, "s-1", page).AbsoluteUri);
        Assert.StartsWith("https://passport.feishu.cn/suite/passport/oauth/authorize?client_id=cli_a1&", Client.SignIn.QrAddress(Back, "s-1").AbsoluteUri, StringComparison.Ordinal);
        Assert.Equal("https://passport.feishu.cn", Client.SignIn.QrOrigin);
        var lark = new FeishuClient(new FeishuOptions { AppId = "cli_a1", AppSecret = "x", Brand = FeishuBrand.Lark });
        Assert.StartsWith("https://accounts.larksuite.com/open-apis/", lark.SignIn.Address(Back, "s").AbsoluteUri, StringComparison.Ordinal);
        var own = new FeishuClient(new FeishuOptions { AppId = "cli_a1", AppSecret = "x", BaseUrl = new("http://open.local"), AccountsUrl = new("http://accounts.local") });
        Assert.StartsWith("http://accounts.local/open-apis/", own.SignIn.Address(Back, "s").AbsoluteUri, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_page_would_not_take_is_refused_before_anybody_is_sent_there()
    {
        Assert.Throws<ArgumentException>(() => Client.SignIn.Address(new Uri("ftp://gw.mica.example/"), "s"));
        Assert.Throws<ArgumentException>(() => Client.SignIn.Address(new Uri("/relative", UriKind.Relative), "s"));
        Assert.Throws<ArgumentException>(() => Client.SignIn.Address(Back, ""));
        Assert.Throws<ArgumentException>(() => Client.SignIn.Address(Back, "two words"));
        Assert.Throws<ArgumentException>(() => Client.SignIn.Address(Back, "s", new FeishuLoginPage { Scopes = ["a b"] }));
        Assert.Throws<ArgumentException>(() => Client.SignIn.Address(Back, "s", new FeishuLoginPage { Scopes = [.. Enumerable.Range(0, 51).Select(i => $"s{i}")] }));
    }

    [Theory]
    [InlineData("?code=c-1&state=s-1", FeishuLoginOutcome.SignedIn, "c-1", null)]
    [InlineData("code=c-1&state=s-1", FeishuLoginOutcome.SignedIn, "c-1", null)]
    [InlineData("?error=access_denied&state=s-1", FeishuLoginOutcome.Refused, null, "access_denied")]
    [InlineData("?error=a%0Ab&state=s-1", FeishuLoginOutcome.Refused, null, "ab")]
    [InlineData("?code=c-1&state=s-2", FeishuLoginOutcome.WrongState, null, null)]
    [InlineData("?error=access_denied&state=s-2", FeishuLoginOutcome.WrongState, null, null)]
    [InlineData("?code=c-1", FeishuLoginOutcome.WrongState, null, null)]
    [InlineData("?state=s-1", FeishuLoginOutcome.Unusable, null, null)]
    [InlineData("?code=c-1&code=c-2&state=s-1", FeishuLoginOutcome.Unusable, null, null)]
    [InlineData("", FeishuLoginOutcome.Unusable, null, null)]
    [InlineData(null, FeishuLoginOutcome.Unusable, null, null)]
    public void An_answer_is_read_by_its_state_first(string? query, FeishuLoginOutcome outcome, string? code, string? error)
    {
        var answer = FeishuLoginAnswer.Read(query, "s-1");
        Assert.Equal((outcome, code, error), (answer.Outcome, answer.Code, answer.Error));
        Assert.DoesNotContain("c-1", answer.ToString(), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => FeishuLoginAnswer.Read(query, ""));
    }
}

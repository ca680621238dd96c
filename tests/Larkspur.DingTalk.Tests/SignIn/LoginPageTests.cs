using Larkspur.DingTalk.SignIn;

namespace Larkspur.DingTalk.Tests.SignIn;

public sealed class LoginPageTests
{
    private static readonly Uri Redirect = new("https://app.example:8443/back?x=1&y=张");
    private readonly DingTalkSignIn _signIn = new DingTalkClient("dingclient0001", "secret").SignIn;

    [Fact]
    public void Addresses_of_the_page()
    {
        Assert.Equal(
            "https://login.dingtalk.com/oauth2/auth?redirect_uri=https%3A%2F%2Fapp.example%3A8443%2Fback%3Fx%3D1%26y%3D%25E5%25BC%25A0&response_type=code&client_id=dingclient0001&scope=openid&state=s%26%231&prompt=consent",
            _signIn.Address(Redirect, "s&#1").AbsoluteUri);
        Assert.EndsWith("&scope=openid%20corpid&state=s&prompt=consent&org_type=management&corpId=ding1&exclusiveLogin=true&exclusiveCorpId=ding2",
            _signIn.Address(Redirect, "s", new LoginPage { WithOrganisation = true, OnlyManaged = true, CorpId = "ding1", ExclusiveLogin = true, ExclusiveCorpId = "ding2" }).AbsoluteUri, StringComparison.Ordinal);
        var emulated = new DingTalkClient(new DingTalkOptions { ClientId = "c", ClientSecret = "s", BaseUrl = new Uri("http://127.0.0.1:8081/") });
        Assert.StartsWith("http://127.0.0.1:8081/oauth2/auth?", emulated.SignIn.Address(Redirect, "s").AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("zeile\n")]
    [InlineData("状态")]
    public void A_state_that_binds_nothing_is_refused(string state) => Assert.Throws<ArgumentException>(() => _signIn.Address(Redirect, state));

    [Fact]
    public void What_the_page_would_not_take_is_refused()
    {
        Assert.Throws<ArgumentException>(() => _signIn.Address(Redirect, new string('s', 513)));
        Assert.Throws<ArgumentException>(() => _signIn.Address(new Uri("/back", UriKind.Relative), "s"));
        Assert.Throws<ArgumentException>(() => _signIn.Address(new Uri("javascript:alert(1)"), "s"));
        Assert.Throws<ArgumentException>(() => _signIn.Address(Redirect, "s", new LoginPage { CorpId = "ding1" }));
        Assert.Throws<ArgumentException>(() => _signIn.Address(Redirect, "s", new LoginPage { OnlyManaged = true }));
        Assert.Throws<ArgumentException>(() => _signIn.Address(Redirect, "s", new LoginPage { ExclusiveCorpId = "ding1" }));
    }

    [Theory]
    [InlineData("?authCode=abc&code=abc&state=s1", LoginOutcome.SignedIn)]
    [InlineData("authCode=abc&state=s1", LoginOutcome.SignedIn)]
    [InlineData("code=abc&state=s%31", LoginOutcome.SignedIn)]
    [InlineData("code=abc&authCode=other&state=s1", LoginOutcome.Unusable)]
    [InlineData("code=abc&code=abc&state=s1", LoginOutcome.Unusable)]
    [InlineData("code=abc&state=s1&state=s1", LoginOutcome.Unusable)]
    [InlineData("code=&state=s1", LoginOutcome.Unusable)]
    [InlineData("state=s1", LoginOutcome.Unusable)]
    [InlineData("", LoginOutcome.Unusable)]
    [InlineData(null, LoginOutcome.Unusable)]
    [InlineData("code=abc", LoginOutcome.WrongState)]
    [InlineData("code=abc&state=s2", LoginOutcome.WrongState)]
    [InlineData("code=abc&state=S1", LoginOutcome.WrongState)]
    [InlineData("error=access_denied&state=s2", LoginOutcome.WrongState)]
    [InlineData("error=access_denied&state=s1", LoginOutcome.Refused)]
    public void What_comes_back_is_judged_by_its_state_first(string? query, LoginOutcome expected)
    {
        LoginAnswer answer = LoginAnswer.Read(query, "s1");
        Assert.Equal((expected, expected == LoginOutcome.SignedIn ? "abc" : null), (answer.Outcome, answer.Code));
        Assert.DoesNotContain("abc", $"{answer}", StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_answers_cost_little()
    {
        Assert.Equal(LoginOutcome.Unusable, LoginAnswer.Read("state=s1&code=" + new string('a', 9000), "s1").Outcome);
        LoginAnswer refused = LoginAnswer.Read("state=s1&error=a%0d%0ab" + new string('c', 500), "s1");
        Assert.Equal(200, refused.Error!.Length);
        Assert.StartsWith("abc", refused.Error, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LoginAnswer.Read("code=abc&state=", ""));
    }
}

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>Only who began a sign-in can end it (RFC 7636, with the vector of its appendix B).</summary>
public sealed class PkceTests : SignInTest
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    [Theory]
    [InlineData(Challenge, "S256", Verifier)]
    [InlineData(Verifier, "plain", Verifier)]
    [InlineData(Verifier, null, Verifier)]
    public async Task The_verifier_of_the_challenge_opens(string challenge, string? method, string verifier) =>
        Assert.Equal(0, (await ExchangeAsync(await ChallengedAsync(challenge, method), verifier)).Code);

    [Theory]
    [InlineData(Challenge, "S256", null)]
    [InlineData(Challenge, "S256", Challenge)]
    [InlineData(Challenge, "S256", Verifier + "a")]
    [InlineData(Challenge, "S256", "short")]
    [InlineData(Challenge, null, Verifier)]
    [InlineData(Verifier, "plain", "DBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")]
    public async Task Nothing_else_does(string challenge, string? method, string? verifier)
    {
        var code = await ChallengedAsync(challenge, method);
        Refused(await ExchangeAsync(code, verifier), 20049);
        Refused(await ExchangeAsync(code), 20049);
    }

    [Fact]
    public async Task A_verifier_without_a_challenge_is_refused() => Refused(await ExchangeAsync(await CodeAsync(), Verifier), 20049);

    private Task<string> ChallengedAsync(string challenge, string? method) => method is null
        ? CodeAsync(more: [("code_challenge", challenge)]) : CodeAsync(more: [("code_challenge", challenge), ("code_challenge_method", method)]);
}

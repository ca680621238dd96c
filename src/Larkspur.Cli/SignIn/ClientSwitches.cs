using System.CommandLine;
using Larkspur.Cli.Calls;

namespace Larkspur.Cli.SignIn;

/// <summary>Addresses and switches of a client, as options.</summary>
internal sealed class ClientSwitches
{
    private readonly Option<string[]> _postLogout = List("--post-logout-redirect-uri", "Where browsers may go after the end of a session.");
    private readonly Option<string[]> _policies = List("--policy", "What stands in the policy claim; without one: the groups.");
    private readonly Option<string[]> _domains = List("--verified-email-domain", "Of addresses of this domain email_verified is true.");
    private readonly Option<string[]> _allowed = List("--allow-group", "A department or role whose people may sign in; without one: all.");

    public Option<string?> Backchannel { get; } = new("--backchannel-logout-uri") { Description = "Where it is told of ended sessions." };

    public Option<bool?> Trusted { get; } = new("--trusted") { Description = "true: people are not asked for consent." };

    public Option<bool?> IdTokenClaims { get; } = new("--id-token-claims") { Description = "true: claims stand in the id_token too." };

    public Option<string?> Groups { get; } = new("--groups") { Description = "names or ids: how departments and roles are written." };

    public Option<string?> PolicyClaim { get; } = new("--policy-claim") { Description =
        "The claim in which it looks for policies (MinIO: policy)." };

    public Option<bool?> Jwt { get; } = new("--jwt-access-tokens") { Description = "true: access tokens are JWT (RFC 9068)." };

    public Option<bool?> AlwaysRefresh { get; } = new("--always-refresh") { Description =
        "true: refresh tokens without offline_access too." };

    public Option<int?> Grace { get; } = new("--grace-seconds") { Description = "So long a used refresh token gives its successor again." };

    public void AddTo(Command verb)
    {
        foreach (var option in (Option[])[_postLogout, Backchannel, Trusted, IdTokenClaims, Groups, PolicyClaim, _policies, Jwt,
            AlwaysRefresh, Grace, _domains, _allowed]) verb.Add(option);
    }

    public IReadOnlyList<string>? PostLogout(VerbCall call) => ListOf(call, _postLogout);

    public IReadOnlyList<string>? PolicyList(VerbCall call) => ListOf(call, _policies);

    public IReadOnlyList<string>? Domains(VerbCall call) => ListOf(call, _domains);

    public IReadOnlyList<string>? Allowed(VerbCall call) => ListOf(call, _allowed);

    /// <summary>Null: none is named, and all stay.</summary>
    public static IReadOnlyList<string>? ListOf(VerbCall call, Option<string[]> option) => call.Get(option) is { Length: > 0 } named
        ? named : null;

    private static Option<string[]> List(string name, string description) =>
        new(name) { Description = description + " May be given several times.", AllowMultipleArgumentsPerToken = true };
}

using System.Text.Json;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.SignIn.Sessions;

/// <summary>What a method told of somebody when they signed in, beside who they are. It counts for as long as the session does, or until
/// the next proof.</summary>
/// <param name="Platform">Of their account.</param>
/// <param name="App">By which they signed in.</param>
/// <param name="Departments">Ids, as the platform writes them; null: not told.</param>
/// <param name="Groups">Groups and roles of an identity provider.</param>
internal sealed record SignInContext(string Platform, string App, IReadOnlyList<string>? Departments, IReadOnlyList<string> Groups)
{
    /// <summary>The provider did not say their groups this time: that is not the same as none.</summary>
    public bool GroupsAreUnknown { get; init; }

    /// <summary>Groups of one sign-in.</summary>
    public const int MostGroups = 1000;

    private const int Longest = 200;

    public static SignInContext Of(SignInProof proof) => new(proof.Account.Platform, proof.Account.App, proof.Account.Departments,
        [.. proof.Groups.Where(g => g.Length is > 0 and <= Longest
            && !g.Any(char.IsControl)).Distinct(StringComparer.Ordinal).Take(MostGroups)])
    {
        GroupsAreUnknown = proof.GroupsAreUnknown,
    };

    /// <summary>Keeps it in place of what was told before.</summary>
    public async ValueTask KeepAsync(IUnitOfWork unit, string sid) =>
        await unit.ExecuteAsync("UPDATE sign_in_session SET told = $2 WHERE sid = $1", sid, JsonSerializer.Serialize(this));

    /// <summary>Of a session; null: it is over.</summary>
    public static async ValueTask<SignInContext?> FindAsync(ISql sql, string sid) =>
        await sql.FirstAsync("SELECT told FROM sign_in_session WHERE sid = $1", row => row.Text(0), sid) is { } kept
            ? JsonSerializer.Deserialize<SignInContext>(kept) : null;

    /// <summary>The account that departments are asked by.</summary>
    public PlatformAccount Account => new() { Platform = Platform, App = App, Ids = [], Departments = Departments };
}

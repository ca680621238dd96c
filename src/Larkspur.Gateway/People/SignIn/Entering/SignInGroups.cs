using System.Text.Json;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.SignIn.Entering;

/// <summary>Groups and roles that an identity provider named with a sign-in: they count for as long as the session does.</summary>
internal static class SignInGroups
{
    /// <summary>Of one sign-in.</summary>
    public const int Most = 1000;

    private const int Longest = 200;

    /// <summary>Those of the newest proof stand in place of those before; a method that names none leaves none.</summary>
    public static async ValueTask KeepAsync(IUnitOfWork unit, string sid, SignInProof proof)
    {
        string[] groups = [.. proof.Groups.Where(g => g.Length is > 0 and <= Longest && !g.Any(char.IsControl)).Distinct(StringComparer.Ordinal)
            .Take(Most)];
        await unit.ExecuteAsync("UPDATE sign_in_session SET group_names = $2 WHERE sid = $1", sid,
            groups.Length == 0 ? null : JsonSerializer.Serialize(groups));
    }

    /// <summary>Of a session.</summary>
    public static async ValueTask<IReadOnlyList<string>> OfAsync(ISql sql, string sid) =>
        await sql.FirstAsync("SELECT group_names FROM sign_in_session WHERE sid = $1", row => row.Text(0), sid) is { } kept
            ? JsonSerializer.Deserialize<string[]>(kept) ?? [] : [];
}

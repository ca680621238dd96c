using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Scim;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Claims;

/// <summary><c>preferred_username</c>: each person gets one when it is asked for first, and nobody else ever gets it.</summary>
internal sealed class UserNameStore(IDatabase database, TimeProvider clock)
{
    private const int Longest = 40;
    private const int MostTries = 50;

    /// <summary>Names that systems give accounts of their own: who is called so by a directory would be taken for them.</summary>
    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        "admin", "administrator", "root", "system", "superuser", "sysadmin", "operator", "guest", "support", "security", "postmaster",
        "webmaster", "hostmaster", "abuse", "nobody", "anonymous", "api", "bot", "ghost", "everyone", "all", "owner", "staff", "none",
        "null", "undefined", "default", "public", "service", "test", "user", "me", "self", "minio", "grafana", "jenkins", "gitlab",
        "harbor",
    };

    /// <summary>Somebody's name, which they get now if they have none.</summary>
    public async Task<string> OfAsync(ScimPerson person, CancellationToken cancellation)
    {
        if (await database.ReadAsync(sql => FindAsync(sql, person.Id), cancellation) is { } known) return known;
        var wanted = Wanted(person);
        return await database.TransactAsync(async unit =>
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            for (var i = 1; i <= MostTries; i++)
            {
                if (await FindAsync(unit, person.Id) is { } given) return given;
                // The last resort is nobody else's: it is made of the person's own id.
                var name = i == MostTries ? person.Id : i == 1 ? wanted : wanted + i;
                if (i < MostTries && Reserved.Contains(name)) continue;
                if (await unit.ExecuteAsync(
                    "INSERT INTO oidc_user_name (name, person, given_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", name,
                    person.Id, now) == 1) return name;
            }

            return await FindAsync(unit, person.Id) ?? person.Id;
        }, cancellation);
    }

    /// <summary>Two people are one: who remains keeps theirs, or has the other's.</summary>
    public static async ValueTask MergedAsync(IUnitOfWork unit, string former, string person)
    {
        if (await FindAsync(unit, person) is null)
            await unit.ExecuteAsync("UPDATE oidc_user_name SET person = $2 WHERE person = $1", former, person);
    }

    private static ValueTask<string?> FindAsync(ISql sql, string person) => sql.FirstAsync(
        "SELECT name FROM oidc_user_name WHERE person = $1", static row => (string?)row.GetString(0), person);

    /// <summary>What stands before the @ of their address, else the platform's id of them.</summary>
    private static string Wanted(ScimPerson person)
    {
        var from = PlatformAccount.EmailOf(person.WorkEmail) is { } email ? email[..email.IndexOf('@')]
            : person.Field(DirectoryFields.UserId) ?? person.Field(DirectoryFields.EmployeeNo) ?? "";
        var plain = new string([.. from.ToLowerInvariant().Where(IsPlain).Take(Longest)]).Trim('.', '-', '_');
        return plain.Length > 1 && char.IsAsciiLetter(plain[0]) ? plain : "user-" + person.Id[3..11];
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';
}

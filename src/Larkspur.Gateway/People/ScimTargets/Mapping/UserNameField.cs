using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Scim;

namespace Larkspur.Gateway.People.ScimTargets.Mapping;

/// <summary>Which field of people is their <c>userName</c> at a target.</summary>
internal static class UserNameField
{
    public const string Usual = DirectoryFields.Email;

    private const string WorkEmail = DirectoryFields.WorkEmail;
    private const string Scim = "user_name";
    private const string Person = "person";
    private const int Longest = 254;

    /// <summary>
    /// Those with a name: the e-mail (at work before the other), the e-mail at work alone, the staff number, the mobile number, the
    /// platform's user id,
    /// the name that <c>/scim/v2</c> shows, the person's id. A company's own fields are called <c>custom.</c> and their id.
    /// </summary>
    public static readonly string[] All =
        [Usual, WorkEmail, DirectoryFields.EmployeeNo, DirectoryFields.Mobile, DirectoryFields.UserId, Scim, Person];

    /// <summary>What is wrong with a name; null: it is one.</summary>
    public static string? Problem(string name)
    {
        if (All.Contains(name, StringComparer.Ordinal)) return null;
        if (name.StartsWith(DirectoryFields.Custom, StringComparison.Ordinal) && name.Length > DirectoryFields.Custom.Length
            && name.Length <= 100 && !name.Any(char.IsControl)) return null;
        var near = Spelling.Nearest(name, All) is { } meant ? $" Did you mean \"{meant}\"?" : "";
        return $"There are: {string.Join(", ", All)}, and {DirectoryFields.Custom}… for the company's own fields.{near}";
    }

    /// <summary>Somebody's value; null: they have none.</summary>
    public static string? Of(ScimPerson person, string field)
    {
        var value = field switch
        {
            Usual => person.WorkEmail ?? person.Field(DirectoryFields.Email),
            WorkEmail => person.WorkEmail,
            Scim => person.UserName,
            Person => person.Id,
            _ => person.Field(field),
        };
        return value?.Trim() is { Length: > 0 } text ? text : null;
    }

    /// <summary>A platform's directory has them as a colleague, and says this name of them itself. What an upstream or an administrator
    /// writes could be anybody's name.</summary>
    public static bool IsDirectorys(ScimPerson person, string field, string name) => person.Accounts
        .Where(a => a.Platform != ScimUpstream.Platform && a.Entry is { HasLeft: false })
        .Any(a => Told(person, a, field).Any(told => string.Equals(told?.Trim(), name, StringComparison.OrdinalIgnoreCase)));

    /// <summary>It can be a <c>userName</c>.</summary>
    public static bool IsSound(string value) => value.Length <= Longest && !value.Any(c => char.IsControl(c) || char.IsSurrogate(c));

    /// <summary>What one account's directory says that could be the name.</summary>
    private static IEnumerable<string?> Told(ScimPerson person, ScimAccount account, string field)
    {
        var (entry, mail) = (account.Entry!, new[] { account.Entry!.Fields.GetValueOrDefault(WorkEmail), account.Email });
        return field switch
        {
            Usual => [.. mail, entry.Fields.GetValueOrDefault(Usual)],
            WorkEmail => mail,
            Scim => [.. mail, entry.Fields.GetValueOrDefault(Usual), entry.Key],
            // Nobody chooses an id of the gateway's.
            Person => [person.Id],
            _ => [entry.Fields.GetValueOrDefault(field)],
        };
    }
}

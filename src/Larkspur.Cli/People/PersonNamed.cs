using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Client;

namespace Larkspur.Cli.People;

/// <summary>A person whom the gateway knows, as somebody names them: by our id, a mail address, a name, or an id of a platform.</summary>
internal static class PersonNamed
{
    private const string Prefix = "pe_";
    private const int Looked = 20;

    public const string Help = "their id (pe_…), mail address, name, or id on a platform";

    public static Argument<string> Argument() => Named.Argument("person", $"Who: {Help}, as larkspur people list has them.");

    /// <summary>Their id.</summary>
    /// <exception cref="CallFailure">Nobody is meant, or several may be.</exception>
    public static async Task<string> IdAsync(VerbCall call, string named)
    {
        if (named.StartsWith(Prefix, StringComparison.Ordinal)) return named;
        var found = await call.AskAsync((client, limited) => client.People.ListAsync(named, null, null, null, null, null, Looked, limited));
        var meant = found.Items.Where(p => Is(p, named)).ToList();
        return meant switch
        {
            [var one] => one.Id,
            [] => throw new CallFailure(ExitCodes.Refused,
                $"nobody is known as {named}: larkspur people list has whom the gateway knows.") { Word = "no_person" },
            _ => throw new CallFailure(ExitCodes.Refused,
                $"several people are known as {named}; name one by the id:{string.Concat(meant.Select(p => $"\n  {p.Id}  {p.Name}  {p.Email}"))}"),
        };
    }

    private static bool Is(KnownPersonView person, string named) => Same(person.Email, named) || Same(person.Name, named)
        || person.Fields.Any(f => f.Name is "email" or "work_email" or "employee_no" or "user_id" or "name" or "en_name"
            && Same(f.Value, named))
        || person.Accounts.Any(a => Same(a.Email, named) || Same(a.Name, named) || a.Ids.Any(i => i.Value == named));

    private static bool Same(string? text, string named) => string.Equals(text, named, StringComparison.OrdinalIgnoreCase);
}

using Larkspur.Client;

namespace Larkspur.Cli.Output;

/// <summary>People as the gateway tells of them. What they are called is theirs, and not yet safe to print.</summary>
internal static class PersonTexts
{
    public static string NameOf(PersonView person) => (Words.AreChinese ? person.Name : person.EnName) ?? person.Name ?? person.EnName ?? person.UserId ?? person.OpenId ?? person.UnionId ?? "somebody";
}

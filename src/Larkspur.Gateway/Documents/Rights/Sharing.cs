using Larkspur.Feishu.Api.Drive.V1;

namespace Larkspur.Gateway.Documents.Rights;

/// <summary>With whom a document was shared, sorted by how one finds out whether a person is among them.</summary>
/// <param name="Named">The person themself.</param>
/// <param name="Chats">Groups.</param>
/// <param name="Departments">Departments.</param>
/// <param name="Spaces">Spaces all of whose members may read.</param>
/// <param name="HasOthers">And others whom no call resolves: groups of users, mail addresses, parts of a space's members.</param>
internal sealed record Sharing(bool Named, IReadOnlyList<string> Chats, IReadOnlyList<string> Departments, IReadOnlyList<string> Spaces, bool HasOthers)
{
    /// <summary>Sorts a list of collaborators.</summary>
    public static Sharing Of(DocumentReader who, IReadOnlyList<Member> members)
    {
        string[] Ids(string type) => [.. members.Where(m => m.MemberType?.Value == type).Select(m => m.MemberId).OfType<string>().Distinct(StringComparer.Ordinal)];

        // Where a space tells readers from editors, only both together are all of its members.
        string[] spaces = [.. Ids("wikispaceid").Where(space =>
        {
            var kinds = members.Where(m => m.MemberId == space).Select(m => m.Type?.Value).ToHashSet(StringComparer.Ordinal);
            return kinds.Contains("wiki_space_member") || (kinds.Contains("wiki_space_viewer") && kinds.Contains("wiki_space_editor"));
        })];
        var others = members.Any(m => m.MemberType?.Value is not ("openid" or "userid" or "unionid" or "openchat" or "opendepartmentid" or "wikispaceid")) || Ids("wikispaceid").Length > spaces.Length;
        return new Sharing(members.Any(m => IsPerson(who, m.MemberType?.Value, m.MemberId)), Ids("openchat"), Ids("opendepartmentid"), spaces, others);
    }

    /// <summary>The id is the person's.</summary>
    public static bool IsPerson(DocumentReader who, string? idType, string? id) => id is { Length: > 0 } && idType switch
    {
        "openid" => id == who.OpenId,
        "userid" => id == who.UserId,
        "unionid" => id == who.UnionId,
        _ => false,
    };
}

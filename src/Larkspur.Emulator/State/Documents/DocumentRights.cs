using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Documents;

/// <summary>Who may do what with a document: its owner, those it was shared with (alone, as a group, as a department, by the wiki), and whoever has the link where that is enough.</summary>
public static class DocumentRights
{
    /// <param name="personOrAppId">A <c>user_id</c> or an <c>app_id</c>.</param>
    /// <returns><c>full_access</c>, <c>edit</c>, <c>view</c>, or null: nothing.</returns>
    public static string? Of(EmulatorState state, CloudDocument document, string personOrAppId) => Best(AsCollaborator(state, document, personOrAppId), ByLink(document));

    /// <summary>Without what the link alone gives.</summary>
    public static string? AsCollaborator(EmulatorState state, CloudDocument document, string personOrAppId)
    {
        if (document.OwnerId == personOrAppId) return "full_access";
        string? best = null;
        foreach (var member in document.Members)
        {
            if (Includes(state, member, personOrAppId)) best = Best(best, member.Perm);
        }

        // Who keeps a space may do everything with its pages, and nobody can take that away.
        var keeps = state.WikiNodes.Where(n => n.ObjToken == document.Token).Select(n => state.WikiSpace(n.SpaceId)).OfType<WikiSpace>()
            .Any(s => s.Members.Any(m => m.Role == "admin" && Is(state, m.Type, m.Id, personOrAppId)));
        return keeps ? "full_access" : best;
    }

    private static string? ByLink(CloudDocument document) => document.LinkShare switch
    {
        "tenant_readable" or "partner_tenant_readable" or "anyone_readable" => "view",
        "tenant_editable" or "partner_tenant_editable" or "anyone_editable" => "edit",
        _ => null,
    };

    private static bool Includes(EmulatorState state, DocumentMember member, string personOrAppId) => member.Type switch
    {
        "wiki_space_member" => state.WikiSpace(member.Id) is { } space && ((space.IsPublic && state.Person(personOrAppId) is not null) || space.Members.Any(m => Is(state, m.Type, m.Id, personOrAppId))),
        _ => Is(state, member.Type, member.Id, personOrAppId),
    };

    private static bool Is(EmulatorState state, string type, string id, string personOrAppId) => type switch
    {
        "user" or "app" => id == personOrAppId,
        "chat" => state.Chat(id) is { Dissolved: false } chat && chat.Has(personOrAppId),
        "department" => state.Person(personOrAppId) is { } person && person.DepartmentIds.Any(d => IsUnder(state, d, id)),
        // Groups of users are made in the admin console, which is not played: nobody is in one.
        _ => false,
    };

    private static bool IsUnder(EmulatorState state, string department, string above)
    {
        var all = state.Departments;
        for (var (at, steps) = (department, 0); steps < 100; steps++)
        {
            if (at == above || above == Department.Root) return true;
            if (all.FirstOrDefault(d => d.OpenDepartmentId == at) is not { } known) return false;
            at = known.ParentOpenDepartmentId;
        }

        return false;
    }

    private static string? Best(string? one, string? other) => Rank(one) >= Rank(other) ? one : other;

    private static int Rank(string? perm) => perm switch { "full_access" => 3, "edit" => 2, "view" => 1, _ => 0 };
}

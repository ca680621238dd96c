using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>What people do with documents in their client: write one, share it, hang it in the wiki, delete it.</summary>
/// <remarks>Members are added by the platform's own call, <c>drive/v1/permissions/{token}/members</c>, too; here nobody's right is asked for.</remarks>
internal sealed partial class DocumentsCommand(EmulatorState state)
{
    private const int LongestTitle = 800;
    private const int LongestText = 20 << 20;
    private const int MostNamed = 200;

    private static readonly string[] Links = ["closed", "tenant_readable", "tenant_editable", "partner_tenant_readable", "partner_tenant_editable", "anyone_readable", "anyone_editable"];
    private static readonly string[] Managers = ["collaborator_can_view", "collaborator_can_edit", "collaborator_full_access"];
    private static readonly string[] Types = ["docx", "doc", "sheet", "bitable", "mindnote", "file", "slides"];

    /// <summary>A new document, or another one in the place of the token's.</summary>
    public JsonObject Put(ControlInput input)
    {
        input.Only("token", "type", "title", "owner", "text", "link_share", "manage_collaborators", "people", "chats", "departments", "apps", "spaces", "wiki_node", "wiki_space");
        var token = input.Text("token") ?? state.Ids.Next("Dx")[..27];
        if (!Token().IsMatch(token)) throw new ControlRefusal("\"token\" is 27 letters and digits.");
        var title = input.Text("title") ?? "";
        if (title.Length > LongestTitle) throw new ControlRefusal($"\"title\" has at most {LongestTitle} characters.");
        var text = input.Text("text") ?? "";
        if (text.Length > LongestText) throw new ControlRefusal($"\"text\" has at most {LongestText} characters.");
        var owner = input.Text("owner") ?? SeededCompany.Alice;
        if (state.Person(owner) is null && state.App(owner) is null) throw new ControlRefusal($"There is nobody called \"{owner}\".");
        var empty = Shared(CloudDocument.Empty(token, title, owner, state.Clock.GetUtcNow()) with { Type = OneOf(input, "type", Types) ?? "docx" }, input);
        var node = NodeOf(token, input);
        if (!state.Put(NewBlock.Insert(empty, token, 0, DocumentLines.Read(text), () => "dox" + state.Ids.Next("")[..24]).Document)) throw new ControlRefusal("There are too many documents.");
        if (node is not null && !state.Put(node)) throw new ControlRefusal("There are too many pages in the wiki.");
        return new JsonObject { ["ok"] = true, ["token"] = token, ["path"] = $"/{empty.Type}/{token}" };
    }

    /// <summary>Shares it otherwise, or deletes it; lists replace those that were.</summary>
    public JsonObject Change(string token, ControlInput input)
    {
        input.Only("link_share", "manage_collaborators", "people", "chats", "departments", "apps", "spaces", "deleted");
        var changed = state.ChangeDocument(token, d => Shared(d, input) with { Deleted = input.Flag("deleted", d.Deleted) });
        return changed is null ? throw new ControlRefusal($"There is no document {token}.", 404) : ControlEndpoints.Done();
    }

    public static JsonObject Show(EmulatorState state, CloudDocument document) => new()
    {
        ["token"] = document.Token, ["type"] = document.Type, ["title"] = document.Title, ["owner"] = document.OwnerId, ["link_share"] = document.LinkShare,
        ["manage_collaborators"] = document.ManageCollaborators, ["revision"] = document.Revision, ["deleted"] = document.Deleted,
        ["members"] = new JsonArray([.. document.Members.Select(m => (JsonNode)new JsonObject { ["type"] = m.Type, ["id"] = m.Id, ["perm"] = m.Perm, ["perm_type"] = m.PermType })]),
        ["nodes"] = new JsonArray([.. state.WikiNodes.Where(n => n.ObjToken == document.Token).Select(n => (JsonNode)new JsonObject { ["node_token"] = n.NodeToken, ["space_id"] = n.SpaceId })]),
        ["text"] = document.PlainText(),
        ["blocks"] = new JsonArray([.. document.InOrder().Take(1_000).Select(b => (JsonNode)new JsonObject
        {
            ["block_id"] = b.BlockId, ["parent_id"] = b.ParentId, ["block_type"] = b.Type, ["name"] = BlockTypes.Member(b.Type), ["text"] = b.Text,
        })]),
    };

    private static CloudDocument Shared(CloudDocument document, ControlInput input)
    {
        var members = document.Members;
        foreach (var (name, type) in (ReadOnlySpan<(string, string)>)[("people", "user"), ("chats", "chat"), ("departments", "department"), ("apps", "app"), ("spaces", "wiki_space_member")])
        {
            if (input.Texts(name) is not { } ids) continue;
            if (ids.Count > MostNamed) throw new ControlRefusal($"\"{name}\" names at most {MostNamed}.");
            members = [.. members.Where(m => m.Type != type), .. ids.Select(id => new DocumentMember(type, id, "view"))];
        }

        return document with
        {
            LinkShare = OneOf(input, "link_share", Links) ?? document.LinkShare,
            ManageCollaborators = OneOf(input, "manage_collaborators", Managers) ?? document.ManageCollaborators,
            Members = members,
        };
    }

    /// <summary>Where it hangs in the wiki; null: nowhere.</summary>
    private WikiNode? NodeOf(string token, ControlInput input)
    {
        if (input.Text("wiki_node") is not { } node) return null;
        if (!Token().IsMatch(node)) throw new ControlRefusal("\"wiki_node\" is 27 letters and digits.");
        var space = input.Text("wiki_space") ?? SeededDocuments.FinanceSpace;
        return state.WikiSpace(space) is null ? throw new ControlRefusal($"There is no space {space}.") : new WikiNode(node, space, token);
    }

    private static string? OneOf(ControlInput input, string name, string[] known) =>
        input.Text(name) is not { } value || known.Contains(value) ? input.Text(name) : throw new ControlRefusal($"\"{name}\" is one of {string.Join(", ", known)}.");

    [GeneratedRegex("^[A-Za-z0-9]{27}$")]
    private static partial Regex Token();
}

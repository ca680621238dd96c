using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Docs;

/// <summary>Knowledge spaces: what hangs on a node, what a space is, who is in it.</summary>
internal sealed class WikiApi(EmulatorState state) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.Add("wiki.v2.space.get_node", Node);
        on.Add("wiki.v2.space.get", Space);
        on.Add("wiki.v2.space.member.list", Members);
    }

    private ApiAnswer Node(ApiRequest request)
    {
        var type = request.QueryText("obj_type") ?? "wiki";
        var token = request.QueryText("token")!;
        var node = type == "wiki" ? state.WikiNode(token) : state.WikiNodes.FirstOrDefault(n => n.ObjToken == token && n.OriginNodeToken is null);
        if (node is null || DocumentAccess.Origin(state, node) is not { } origin || state.Document(origin.ObjToken) is not { Deleted: false } document) throw request.Refuse(131005);
        if (type != "wiki" && document.Type != type) throw request.Refuse(131005);
        if (DocumentRights.Of(state, document, DocumentAccess.Caller(request)) is null) throw request.Refuse(131006);
        var owner = MemberView.OpenId(state, request, document.OwnerId);
        var created = document.CreateTime.ToUnixTimeSeconds().ToString();
        return FeishuAnswer.Data(new JsonObject
        {
            ["node"] = new JsonObject
            {
                ["space_id"] = node.SpaceId, ["node_token"] = node.NodeToken, ["obj_token"] = document.Token, ["obj_type"] = document.Type, ["parent_node_token"] = "",
                ["node_type"] = node.OriginNodeToken is null ? "origin" : "shortcut", ["origin_node_token"] = origin.NodeToken, ["origin_space_id"] = origin.SpaceId, ["has_child"] = false,
                ["title"] = document.Title, ["obj_create_time"] = created, ["obj_edit_time"] = document.UpdateTime.ToUnixTimeSeconds().ToString(), ["node_create_time"] = created,
                ["creator"] = owner, ["owner"] = owner, ["node_creator"] = owner,
            },
        });
    }

    private ApiAnswer Space(ApiRequest request)
    {
        var space = Entered(request);
        return FeishuAnswer.Data(new JsonObject
        {
            ["space"] = new JsonObject
            {
                ["name"] = space.Name, ["description"] = "", ["space_id"] = space.SpaceId, ["space_type"] = "team", ["visibility"] = space.IsPublic ? "public" : "private", ["open_sharing"] = "closed",
            },
        });
    }

    private ApiAnswer Members(ApiRequest request)
    {
        var space = Entered(request);
        return FeishuAnswer.Data(Paging.Page(request, space.Members, m => MemberView.Show(state, request, m), 20, items: "members", badToken: 131002));
    }

    /// <summary>A public space is open to every app of the company; into another only its members come.</summary>
    private WikiSpace Entered(ApiRequest request)
    {
        if (state.WikiSpace(request.Path["space_id"]) is not { } space) throw request.Refuse(131005);
        var caller = DocumentAccess.Caller(request);
        var isIn = space.IsPublic || space.Members.Any(m => m.Id == caller || (m.Type == "chat" && state.Chat(m.Id) is { Dissolved: false } chat && chat.Has(caller)));
        return isIn ? space : throw request.Refuse(131006);
    }
}

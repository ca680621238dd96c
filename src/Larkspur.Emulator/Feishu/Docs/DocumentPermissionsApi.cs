using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Docs;

/// <summary>Who may read a document: its collaborators, and what its link opens.</summary>
/// <remarks>
/// Collaborators are shown to collaborators, as the document's own setting says; the link alone does not show them. The owner is not among them (UNVERIFIED).
/// </remarks>
internal sealed class DocumentPermissionsApi(EmulatorState state) : IApiArea
{
    private const int MostMembers = 200;

    public void Register(ApiHandlers on)
    {
        on.Add("drive.v1.permission.member.list", List);
        on.Add("drive.v1.permission.member.create", Add);
        on.Add("drive.v2.permission.public.get", Public);
        on.Add("drive.v1.meta.batch_query", Metas);
    }

    private ApiAnswer List(ApiRequest request)
    {
        var (document, node) = Found(request);
        if (!MayManage(document, request)) throw request.Refuse(1063002);
        var withType = request.QueryText("fields") is "type" or "*";
        var permType = node is null ? null : request.QueryText("perm_type") ?? "container";
        var members = document.Members.Where(m => permType is null || m.PermType == permType);
        return FeishuAnswer.Data(new JsonObject { ["items"] = new JsonArray([.. members.Select(m => (JsonNode)MemberView.Show(state, request, m, withType))]) });
    }

    private ApiAnswer Add(ApiRequest request)
    {
        var (document, _) = Found(request);
        if (!MayManage(document, request)) throw request.Refuse(1063002);
        var member = MemberReader.Read(state, request);
        // Nobody gives more than they have.
        var own = DocumentRights.Of(state, document, DocumentAccess.Caller(request));
        if (own == "view" && member.Perm != "view" || own == "edit" && member.Perm == "full_access") throw request.Refuse(1063004);
        state.ChangeDocument(document.Token, d =>
        {
            var others = d.Members.RemoveAll(m => m.Type == member.Type && m.Id == member.Id);
            return others.Length < MostMembers ? d with { Members = others.Add(member) } : throw request.Refuse(1063003);
        });
        return FeishuAnswer.Data(new JsonObject { ["member"] = MemberReader.Echo(request, member) });
    }

    private ApiAnswer Public(ApiRequest request)
    {
        var (document, _) = Found(request);
        if (DocumentRights.Of(state, document, DocumentAccess.Caller(request)) is null) throw request.Refuse(1063002);
        return FeishuAnswer.Data(new JsonObject
        {
            ["permission_public"] = new JsonObject
            {
                ["external_access_entity"] = document.LinkShare.StartsWith("anyone", StringComparison.Ordinal) ? "open" : "closed", ["security_entity"] = "anyone_can_view",
                ["comment_entity"] = "anyone_can_view", ["share_entity"] = "same_tenant", ["manage_collaborator_entity"] = document.ManageCollaborators, ["link_share_entity"] = document.LinkShare,
                ["copy_entity"] = "anyone_can_view", ["lock_switch"] = false,
            },
        });
    }

    private ApiAnswer Metas(ApiRequest request)
    {
        var (metas, failed) = (new JsonArray(), new JsonArray());
        foreach (var asked in (request.Body["request_docs"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var (token, type) = (asked["doc_token"]!.GetValue<string>(), asked["doc_type"]!.GetValue<string>());
            var code = DocumentAccess.Find(state, token, type) is not ({ Deleted: false } document, _) ? 970005 : DocumentRights.Of(state, document, DocumentAccess.Caller(request)) is null ? 970003 : 0;
            if (code != 0) failed.Add(new JsonObject { ["token"] = token, ["code"] = code });
            else metas.Add(Meta(request, DocumentAccess.Find(state, token, type)!.Value.Document, token, type));
        }

        return FeishuAnswer.Data(new JsonObject { ["metas"] = metas, ["failed_list"] = failed });
    }

    private JsonObject Meta(ApiRequest request, CloudDocument document, string token, string type)
    {
        var meta = new JsonObject
        {
            ["doc_token"] = token, ["doc_type"] = type, ["title"] = document.Title, ["owner_id"] = Shown(request, document.OwnerId),
            ["create_time"] = document.CreateTime.ToUnixTimeSeconds().ToString(), ["latest_modify_user"] = Shown(request, document.OwnerId),
            ["latest_modify_time"] = document.UpdateTime.ToUnixTimeSeconds().ToString(),
            ["request_doc_info"] = new JsonObject { ["doc_token"] = token, ["doc_type"] = type },
        };
        if (request.Flag("with_url")) meta["url"] = $"{request.Origin.Scheme}://{request.Origin.Host}/{type}/{token}";
        return meta;
    }

    private string Shown(ApiRequest request, string personOrAppId) => (request.QueryText("user_id_type"), state.Person(personOrAppId)) switch
    {
        ("user_id", { } person) => person.UserId,
        ("union_id", { } person) => person.UnionId,
        _ => MemberView.OpenId(state, request, personOrAppId),
    };

    /// <summary>May see and change who else may read.</summary>
    private bool MayManage(CloudDocument document, ApiRequest request)
    {
        var own = DocumentRights.AsCollaborator(state, document, DocumentAccess.Caller(request));
        return document.ManageCollaborators switch
        {
            "collaborator_full_access" => own == "full_access",
            "collaborator_can_edit" => own is "edit" or "full_access",
            _ => own is not null,
        };
    }

    private (CloudDocument Document, WikiNode? Node) Found(ApiRequest request)
    {
        var found = DocumentAccess.Find(state, request.Path["token"], request.QueryText("type")!) ?? throw request.Refuse(1063001);
        return found.Document.Deleted ? throw request.Refuse(1063005) : found;
    }
}

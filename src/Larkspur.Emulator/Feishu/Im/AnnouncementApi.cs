using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>A group's announcement: a document of paragraphs, headings, lists and code (block types 2 to 15).</summary>
/// <remarks>
/// Groups have announcements of type <c>docx</c> unless a test gives them one of the old type (<see cref="OldAnnouncementApi"/>), which
/// these calls do not take. Revisions other than the newest cannot be read or changed here.
/// </remarks>
internal sealed class AnnouncementApi(EmulatorState state, IdempotencyKeys done) : IApiArea
{
    private const int MostBlocks = 2_000;
    private const int LongestText = 100_000;

    /// <summary>The member of each block type.</summary>
    private static readonly string[] Members =
        ["", "page", "text", "heading1", "heading2", "heading3", "heading4", "heading5", "heading6", "heading7", "heading8", "heading9", "bullet", "ordered", "code", "quote"];

    public void Register(ApiHandlers on)
    {
        on.Add("docx.v1.chat.announcement.get", Get);
        on.Add("docx.v1.chat.announcement.block.list", List);
        on.Add("docx.v1.chat.announcement.block.get", r => FeishuAnswer.Data(new JsonObject { ["block"] = One(r, Chat(r)) }));
        on.Add("docx.v1.chat.announcement.block.children.get", Children);
        on.Add("docx.v1.chat.announcement.block.children.create", Create);
        on.Add("docx.v1.chat.announcement.block.children.batch_delete", Delete);
        on.Add("docx.v1.chat.announcement.block.batch_update", Update);
    }

    /// <summary>Of the old type this call alone tells, and only that it is one.</summary>
    private ApiAnswer Get(ApiRequest request)
    {
        var chat = Member(request);
        var announcement = Of(chat);
        var (owner, ownerType) = ChatAccess.Show(state, request, announcement.OwnerId);
        var (modifier, modifierType) = ChatAccess.Show(state, request, announcement.ModifierId);
        return FeishuAnswer.Data(new JsonObject
        {
            ["revision_id"] = announcement.Revision,
            ["create_time"] = announcement.CreateTime.ToUnixTimeSeconds(), ["update_time"] = announcement.UpdateTime.ToUnixTimeSeconds(),
            ["create_time_v2"] = announcement.CreateTime.ToUnixTimeSeconds().ToString(), ["update_time_v2"] = announcement.UpdateTime.ToUnixTimeSeconds().ToString(),
            ["owner_id"] = owner, ["owner_id_type"] = ownerType, ["modifier_id"] = modifier, ["modifier_id_type"] = modifierType,
            ["announcement_type"] = chat.HasOldAnnouncement ? "doc" : "docx",
        });
    }

    private ApiAnswer List(ApiRequest request)
    {
        var chat = Chat(request);
        JsonObject[] all = [Page(chat), .. Of(chat).Blocks.Select(b => Show(chat, b))];
        return FeishuAnswer.Data(Paging.Page(request, all, b => b, 500, badToken: 1770001));
    }

    private ApiAnswer Children(ApiRequest request)
    {
        var chat = Chat(request);
        One(request, chat);
        JsonObject[] children = request.Path["block_id"] == PageId(chat) ? [.. Of(chat).Blocks.Select(b => Show(chat, b))] : [];
        return FeishuAnswer.Data(Paging.Page(request, children, b => b, 500, badToken: 1770001));
    }

    private ApiAnswer Create(ApiRequest request) => Once(request, () =>
    {
        var chat = Writable(request);
        // Text blocks have no children here; the page has.
        if (request.Path["block_id"] != PageId(chat)) throw request.Refuse(Of(chat).Blocks.Any(b => b.BlockId == request.Path["block_id"]) ? 1770028 : 1770002);
        var blocks = (request.Body["children"] as JsonArray ?? []).OfType<JsonObject>().Select(b => Read(request, b)).ToArray();
        var present = Of(chat).Blocks;
        if (present.Length + blocks.Length > MostBlocks) throw request.Refuse(1770004);
        var index = request.Body["index"]?.GetValue<int>() ?? -1;
        if (index > present.Length || index < -1) throw request.Refuse(1770001);
        var revision = Store(request, chat, present.InsertRange(index < 0 ? present.Length : index, blocks));
        return FeishuAnswer.Data(new JsonObject
        {
            ["children"] = new JsonArray([.. blocks.Select(b => (JsonNode)Show(chat, b))]), ["revision_id"] = revision, ["client_token"] = request.QueryText("client_token") ?? "",
        });
    });

    private ApiAnswer Delete(ApiRequest request) => Once(request, () =>
    {
        var chat = Writable(request);
        if (request.Path["block_id"] != PageId(chat)) throw request.Refuse(1770031);
        var (start, end) = (request.Body["start_index"]!.GetValue<int>(), request.Body["end_index"]!.GetValue<int>());
        var present = Of(chat).Blocks;
        if (start >= end || end > present.Length) throw request.Refuse(1770001);
        return FeishuAnswer.Data(new JsonObject { ["revision_id"] = Store(request, chat, present.RemoveRange(start, end - start)), ["client_token"] = request.QueryText("client_token") ?? "" });
    });

    private ApiAnswer Update(ApiRequest request) => Once(request, () =>
    {
        var chat = Writable(request);
        var blocks = Of(chat).Blocks;
        List<AnnouncementBlock> changed = [];
        foreach (var change in (request.Body["requests"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var at = blocks.ToList().FindIndex(b => b.BlockId == MessageContentReader.Str(change, "block_id"));
            if (at < 0) throw request.Refuse(1770002);
            if (change["update_text_elements"]?["elements"] is not JsonArray elements) throw request.Refuse(1770024);
            var body = JsonNode.Parse(blocks[at].Body)!.AsObject();
            body["elements"] = elements.DeepClone();
            var block = Of(request, blocks[at].BlockId, blocks[at].Type, body);
            blocks = blocks.SetItem(at, block);
            changed.Add(block);
        }

        var revision = Store(request, chat, blocks);
        return FeishuAnswer.Data(new JsonObject
        {
            ["blocks"] = new JsonArray([.. changed.Select(b => (JsonNode)Show(chat, b))]), ["revision_id"] = revision, ["client_token"] = request.QueryText("client_token") ?? "",
        });
    });

    private AnnouncementBlock Read(ApiRequest request, JsonObject given)
    {
        var type = given["block_type"]!.GetValue<int>();
        if (type < 2 || type >= Members.Length) throw request.Refuse(1770029);
        if (given[Members[type]] is not JsonObject body || body["elements"] is not JsonArray) throw request.Refuse(1770006);
        return Of(request, "dox" + state.Ids.Next("")[..24], type, body);
    }

    private static AnnouncementBlock Of(ApiRequest request, string id, int type, JsonObject body)
    {
        var text = string.Concat(body["elements"]!.AsArray().OfType<JsonObject>().Select(e => e["text_run"] is JsonObject run ? MessageContentReader.Str(run, "content") ?? "" : ""));
        return text.Length <= LongestText ? new AnnouncementBlock(id, type, body.ToJsonString(), text) : throw request.Refuse(1770033);
    }

    private int Store(ApiRequest request, Chat chat, ImmutableArray<AnnouncementBlock> blocks)
    {
        var changed = state.ChangeChat(chat.ChatId, c => c with
        {
            Announcement = Of(c) with { Blocks = blocks, Revision = Of(c).Revision + 1, ModifierId = ChatAccess.Operator(request), UpdateTime = state.Clock.GetUtcNow() },
        })!;
        return changed.Announcement!.Revision;
    }

    private Chat Writable(ApiRequest request)
    {
        var chat = Chat(request);
        if (ChatSettings.Of(chat, "edit_permission") == "only_owner" && !ChatAccess.Manages(chat, request)) throw request.Refuse(1770032);
        var revision = request.QueryInt("revision_id", -1);
        return revision == -1 || revision == Of(chat).Revision ? chat : throw request.Refuse(1770021);
    }

    private Chat Chat(ApiRequest request) => Member(request) is { HasOldAnnouncement: false } chat ? chat : throw request.Refuse(1772006);

    private Chat Member(ApiRequest request)
    {
        if (!request.App.BotEnabled) throw request.Refuse(1772025);
        var chat = state.Chat(request.Path["chat_id"]);
        if (chat is not { Kind: ChatKind.Group, Dissolved: false }) throw request.Refuse(1772001);
        return chat.Has(ChatAccess.Operator(request)) ? chat : throw request.Refuse(1772003);
    }

    /// <summary>Every group has an announcement; it is empty at first.</summary>
    internal static Announcement Of(Chat chat) => chat.Announcement ?? new Announcement
    {
        Blocks = [], OwnerId = chat.OwnerId ?? "", ModifierId = chat.OwnerId ?? "", CreateTime = chat.CreateTime, UpdateTime = chat.CreateTime,
    };

    private static JsonObject One(ApiRequest request, Chat chat)
    {
        var id = request.Path["block_id"];
        if (id == PageId(chat)) return Page(chat);
        return Of(chat).Blocks.FirstOrDefault(b => b.BlockId == id) is { } block ? Show(chat, block) : throw request.Refuse(1770002);
    }

    /// <summary>The page's block has the id of its chat (upgraded-group-announcement/group-announcement-overview).</summary>
    private static string PageId(Chat chat) => chat.ChatId;

    private static JsonObject Page(Chat chat) => new()
    {
        ["block_id"] = PageId(chat), ["parent_id"] = "", ["children"] = new JsonArray([.. Of(chat).Blocks.Select(b => (JsonNode?)b.BlockId)]), ["block_type"] = 1,
        ["page"] = new JsonObject { ["elements"] = new JsonArray(new JsonObject { ["text_run"] = new JsonObject { ["content"] = "", ["text_element_style"] = new JsonObject() } }), ["style"] = new JsonObject { ["align"] = 1 } },
    };

    private static JsonObject Show(Chat chat, AnnouncementBlock block) => new()
    {
        ["block_id"] = block.BlockId, ["parent_id"] = PageId(chat), ["children"] = new JsonArray(), ["block_type"] = block.Type, [Members[block.Type]] = JsonNode.Parse(block.Body),
    };

    private ApiAnswer Once(ApiRequest request, Func<ApiAnswer> run) =>
        done.Run(request.QueryText("client_token") is { } token ? $"{request.App.AppId}/{request.Endpoint.Id}/{token}" : null, TimeSpan.FromHours(1), run, () => request.Refuse(1770001));
}

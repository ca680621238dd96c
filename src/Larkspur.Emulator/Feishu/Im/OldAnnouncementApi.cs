using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>A group's announcement of the old kind: a document that is read whole and changed by requests to a revision.</summary>
/// <remarks>
/// Newer groups have none (232097). Of the requests blocks are inserted (<c>InsertBlocksRequestType</c>, the one that the reference
/// shows), at the zone's end or at an index, which counts paragraphs here. A revision that is not the newest is refused (232018,
/// UNVERIFIED: the reference says only that updating failed). Source: reference/im-v1/chat-announcement.
/// </remarks>
internal sealed class OldAnnouncementApi(EmulatorState state) : IApiArea
{
    private const int MostBlocks = 2_000;
    private const string Insert = "InsertBlocksRequestType";

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.chat.announcement.get", Get);
        on.Add("im.v1.chat.announcement.patch", Patch);
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var chat = Chat(request);
        var announcement = AnnouncementApi.Of(chat);
        var (owner, ownerType) = ChatAccess.Show(state, request, announcement.OwnerId);
        var (modifier, modifierType) = ChatAccess.Show(state, request, announcement.ModifierId);
        var content = new JsonObject
        {
            ["title"] = new JsonObject { ["elements"] = new JsonArray() },
            ["body"] = new JsonObject { ["blocks"] = new JsonArray([.. announcement.Blocks.Select(b => JsonNode.Parse(b.Body))]) },
        };
        return FeishuAnswer.Data(new JsonObject
        {
            ["content"] = content.ToJsonString(), ["revision"] = announcement.Revision.ToString(),
            ["create_time"] = announcement.CreateTime.ToUnixTimeSeconds().ToString(),
            ["update_time"] = announcement.UpdateTime.ToUnixTimeSeconds().ToString(),
            ["owner_id_type"] = ownerType, ["owner_id"] = owner, ["modifier_id_type"] = modifierType, ["modifier_id"] = modifier,
        });
    }

    private ApiAnswer Patch(ApiRequest request)
    {
        var chat = Chat(request);
        if (ChatSettings.Of(chat, "edit_permission") == "only_owner" && !ChatAccess.Manages(chat, request)) throw request.Refuse(232002);
        var requests = (request.Body["requests"] as JsonArray ?? []).Select(r => Read(request, r)).ToArray();
        string? refusal = null;
        state.ChangeChat(chat.ChatId, c =>
        {
            var present = AnnouncementApi.Of(c);
            if (request.Text("revision") != present.Revision.ToString())
                refusal = $"Updating announcement failed. The revision is {present.Revision}.";
            var blocks = present.Blocks;
            foreach (var one in refusal is null ? requests : [])
            {
                if (one.Index > blocks.Length || blocks.Length + one.Blocks.Length > MostBlocks)
                {
                    refusal = "Updating announcement failed. The location is not in the document, or there are too many blocks.";
                    break;
                }

                blocks = blocks.InsertRange(one.Index ?? blocks.Length, one.Blocks);
            }

            return refusal is not null ? c : c with
            {
                Announcement = present with { Blocks = blocks, Revision = present.Revision + 1,
                    ModifierId = ChatAccess.Operator(request), UpdateTime = state.Clock.GetUtcNow() },
            };
        });
        return refusal is null ? FeishuAnswer.Data([]) : throw request.Refuse(232018, refusal);
    }

    /// <summary>A request is the text of a JSON object, and so is its payload.</summary>
    private (int? Index, ImmutableArray<AnnouncementBlock> Blocks) Read(ApiRequest request, JsonNode? given)
    {
        var change = Parse(given) ?? throw request.Refuse(232001);
        if (MessageContentReader.Str(change, "requestType") != Insert) throw request.Refuse(232018,
            $"Updating announcement failed. Only {Insert} is played here.");
        if (change["insertBlocksRequest"] is not JsonObject insert || Parse(insert["payload"])?["blocks"] is not JsonArray blocks
            || insert["location"] is not JsonObject location)
            throw request.Refuse(232001);
        int? index = location["endOfZone"] is JsonValue end && end.GetValueKind() == JsonValueKind.True ? null
            : location["index"] is JsonValue at && at.TryGetValue(out int number) && number >= 0 ? number : throw request.Refuse(232001);
        return (index, [.. blocks.Select(b => b is JsonObject block ? Block(request, block) : throw request.Refuse(232001))]);
    }

    private AnnouncementBlock Block(ApiRequest request, JsonObject block)
    {
        if (MessageContentReader.Str(block, "type") != "paragraph" || block["paragraph"]?["elements"] is not JsonArray elements)
            throw request.Refuse(232018, "Updating announcement failed. Only paragraphs are played here.");
        var text = string.Concat(elements.OfType<JsonObject>().Select(e => e["textRun"] is JsonObject run
            ? MessageContentReader.Str(run, "text") ?? "" : ""));
        return new AnnouncementBlock("dox" + state.Ids.Next("")[..24], 2, block.ToJsonString(), text);
    }

    private static JsonObject? Parse(JsonNode? given)
    {
        try
        {
            return given is JsonValue value && value.TryGetValue(out string? text) ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Chat Chat(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        return chat.HasOldAnnouncement ? chat : throw request.Refuse(232097);
    }
}

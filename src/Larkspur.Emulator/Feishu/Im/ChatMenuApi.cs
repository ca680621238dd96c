using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>A group's menu: three entries at most, each with five under it.</summary>
internal sealed class ChatMenuApi(EmulatorState state) : IApiArea
{
    private const int MostTop = 3;
    private const int MostSecond = 5;
    private static readonly Dictionary<string, string> Updatable = new(StringComparer.Ordinal)
    {
        ["ICON"] = "image_key", ["NAME"] = "name", ["I18N_NAME"] = "i18n_names", ["REDIRECT_LINK"] = "redirect_link",
    };

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.chat.menu_tree.create", Create);
        on.Add("im.v1.chat.menu_tree.get", r => Show(ChatAccess.Joined(state, r)));
        on.Add("im.v1.chat.menu_tree.sort", Sort);
        on.Add("im.v1.chat.menu_tree.delete", Delete);
        on.Add("im.v1.chat.menu_item.patch", Patch);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        var chat = Group(request);
        var added = (request.Body["menu_tree"]?["chat_menu_top_levels"] as JsonArray ?? []).OfType<JsonObject>().Select(top => Read(request, top, chat)).ToArray();
        if (chat.Menu.Length + added.Length > MostTop) throw request.Refuse(232070);
        return Show(state.ChangeChat(chat.ChatId, c => c with { Menu = [.. c.Menu, .. added] })!);
    }

    private ApiAnswer Sort(ApiRequest request)
    {
        var chat = Group(request);
        var ids = request.Texts("chat_menu_top_level_ids");
        if (ids.Count != chat.Menu.Length || !ids.ToHashSet().SetEquals(chat.Menu.Select(m => m.Id))) throw request.Refuse(232072);
        return Show(state.ChangeChat(chat.ChatId, c => c with { Menu = [.. ids.Select(id => c.Menu.First(m => m.Id == id))] })!);
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        var chat = Group(request);
        var ids = request.Texts("chat_menu_top_level_ids");
        if (ids.Any(id => chat.Menu.All(m => m.Id != id))) throw request.Refuse(232001);
        return Show(state.ChangeChat(chat.ChatId, c => c with { Menu = c.Menu.RemoveAll(m => ids.Contains(m.Id)) })!);
    }

    private ApiAnswer Patch(ApiRequest request)
    {
        var chat = Group(request);
        var id = request.Path["menu_item_id"];
        var given = request.Body["chat_menu_item"]!.AsObject();
        var found = chat.Menu.Concat(chat.Menu.SelectMany(m => m.Children)).FirstOrDefault(m => m.Id == id) ?? throw request.Refuse(232001);
        var item = JsonNode.Parse(found.Item)!.AsObject();
        foreach (var field in request.Texts("update_fields").Select(f => Updatable[f])) item[field] = given[field]?.DeepClone();
        Check(request, item);
        var changed = found with { Item = item.ToJsonString() };
        state.ChangeChat(chat.ChatId, c => c with
        {
            Menu = [.. c.Menu.Select(top => top.Id == id ? top with { Item = changed.Item } : top with { Children = [.. top.Children.Select(s => s.Id == id ? changed : s)] })],
        });
        return FeishuAnswer.Data(new JsonObject { ["chat_menu_item"] = item });
    }

    private Chat Group(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        return chat.Kind == ChatKind.Group ? chat : throw request.Refuse(request.Endpoint.Errors.ContainsKey(232008) ? 232008 : 232001);
    }

    private ChatMenuEntry Read(ApiRequest request, JsonObject entry, Chat chat)
    {
        var children = (entry["children"] as JsonArray ?? []).OfType<JsonObject>().Select(c => Read(request, c, chat)).ToImmutableArray();
        if (children.Length > MostSecond) throw request.Refuse(232071);
        if (entry["chat_menu_item"] is not JsonObject item) throw request.Refuse(232078);
        Check(request, item);
        // An entry that opens others opens no page itself.
        if (children.Length > 0 && MessageContentReader.Str(item, "action_type") == "REDIRECT_LINK") throw request.Refuse(232078);
        return new ChatMenuEntry("7" + state.Ids.Next("")[..18], item.ToJsonString(), children);
    }

    private static void Check(ApiRequest request, JsonObject item)
    {
        if (MessageContentReader.Str(item, "name") is not { Length: > 0 }) throw request.Refuse(232078);
        var links = (item["redirect_link"] as JsonObject ?? []).Select(l => (l.Value as JsonValue)?.TryGetValue<string>(out var url) == true ? url : "").ToArray();
        if (MessageContentReader.Str(item, "action_type") == "REDIRECT_LINK" && (links.Length == 0 || Array.Exists(links, l => !Uri.TryCreate(l, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))))
        {
            throw request.Refuse(232078);
        }
    }

    private static ApiAnswer Show(Chat chat) => FeishuAnswer.Data(new JsonObject
    {
        ["menu_tree"] = new JsonObject
        {
            ["chat_menu_top_levels"] = new JsonArray([.. chat.Menu.Select(top => (JsonNode)new JsonObject
            {
                ["chat_menu_top_level_id"] = top.Id, ["chat_menu_item"] = JsonNode.Parse(top.Item),
                ["children"] = new JsonArray([.. top.Children.Select(second => (JsonNode)new JsonObject
                {
                    ["chat_menu_second_level_id"] = second.Id, ["chat_menu_item"] = JsonNode.Parse(second.Item),
                })]),
            })]),
        },
    });
}

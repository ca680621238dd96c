using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Tabs over a group. The message tab is always there and always first.</summary>
internal sealed class ChatTabsApi(EmulatorState state) : IApiArea
{
    private const int MostTabs = 20;
    private const int LongestName = 30;

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.chat.tab.create", Create);
        on.Add("im.v1.chat.tab.update_tabs", Update);
        on.Add("im.v1.chat.tab.sort_tabs", Sort);
        on.Add("im.v1.chat.tab.delete_tabs", Delete);
        on.Add("im.v1.chat.tab.list_tabs", r => Show(Group(r)));
    }

    private ApiAnswer Create(ApiRequest request)
    {
        var chat = Group(request);
        var added = Given(request).Select(t => Read(request, t, "7" + state.Ids.Next("")[..18])).ToArray();
        if (All(chat).Length + added.Length > MostTabs) throw request.Refuse(232046);
        return Store(chat, [.. All(chat), .. added]);
    }

    private ApiAnswer Update(ApiRequest request)
    {
        var chat = Group(request);
        var tabs = All(chat);
        foreach (var given in Given(request))
        {
            var at = IndexOf(request, tabs, MessageContentReader.Str(given, "tab_id"));
            if (tabs[at].Type == "message") throw request.Refuse(232001);
            tabs = tabs.SetItem(at, Read(request, given, tabs[at].TabId));
        }

        return Store(chat, tabs);
    }

    private ApiAnswer Sort(ApiRequest request)
    {
        var chat = Group(request);
        var tabs = All(chat);
        var ids = request.Texts("tab_ids");
        // Every tab once, the message tab first.
        if (ids.Count != tabs.Length || ids.Distinct().Count() != ids.Count || ids[0] != tabs[0].TabId) throw request.Refuse(232001);
        return Store(chat, [.. ids.Select(id => tabs[IndexOf(request, tabs, id)])]);
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        var chat = Group(request);
        var tabs = All(chat);
        foreach (var id in request.Texts("tab_ids"))
        {
            var at = IndexOf(request, tabs, id);
            if (tabs[at].Type == "message") throw request.Refuse(232001);
            tabs = tabs.RemoveAt(at);
        }

        return Store(chat, tabs);
    }

    private Chat Group(ApiRequest request)
    {
        var chat = ChatAccess.Joined(state, request);
        return chat.Kind == ChatKind.Group ? chat : throw request.Refuse(232050);
    }

    private static ImmutableArray<ChatTab> All(Chat chat) =>
        chat.Tabs.Length > 0 ? chat.Tabs : [new ChatTab("7" + WireIds.Hash("tab", chat.ChatId)[..18], "", "message", null, null)];

    private static IEnumerable<JsonObject> Given(ApiRequest request) => (request.Body["chat_tabs"] as JsonArray ?? []).OfType<JsonObject>();

    private static ChatTab Read(ApiRequest request, JsonObject given, string id)
    {
        var (type, name) = (MessageContentReader.Str(given, "tab_type")!, MessageContentReader.Str(given, "tab_name") ?? "");
        if (type is not ("url" or "doc")) throw request.Refuse(232001, "Your request contains an invalid request parameter, ext=only tabs of type url and doc can be made.");
        if (name.EnumerateRunes().Count() > LongestName) throw request.Refuse(232047);
        if (given["tab_content"] is not JsonObject content || MessageContentReader.Str(content, type) is not { } address
            || !Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "http")) throw request.Refuse(232048);
        return new ChatTab(id, name, type, content.ToJsonString(), given["tab_config"]?.ToJsonString());
    }

    private static int IndexOf(ApiRequest request, ImmutableArray<ChatTab> tabs, string? id)
    {
        for (var i = 0; i < tabs.Length; i++)
        {
            if (tabs[i].TabId == id) return i;
        }

        throw request.Refuse(232001, "Your request contains an invalid request parameter, ext=invalid tab_id.");
    }

    private ApiAnswer Store(Chat chat, ImmutableArray<ChatTab> tabs) => Show(state.ChangeChat(chat.ChatId, c => c with { Tabs = tabs })!);

    private static ApiAnswer Show(Chat chat) => FeishuAnswer.Data(new JsonObject
    {
        ["chat_tabs"] = new JsonArray([.. All(chat).Select(t =>
        {
            var tab = new JsonObject { ["tab_id"] = t.TabId, ["tab_name"] = t.Name, ["tab_type"] = t.Type };
            if (t.Content is not null) tab["tab_content"] = JsonNode.Parse(t.Content);
            if (t.Config is not null) tab["tab_config"] = JsonNode.Parse(t.Config);
            return (JsonNode)tab;
        })]),
    });
}

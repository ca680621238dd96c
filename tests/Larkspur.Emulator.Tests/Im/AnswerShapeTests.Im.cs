using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests;

public sealed partial class AnswerShapeTests
{
    private const string OldAnnouncement = "im.v1.chat.announcement.";

    private async Task ThreadsAndMarksAsync()
    {
        var group = SeededCompany.PurchasingChat;
        var first = await SentAsync("chat_id", group, "first");
        var second = await SentAsync("chat_id", group, "second");
        var reply = await _emulator.CallAsync(HttpMethod.Post, $"{Im}messages/{first}/reply", _token, new { msg_type = "text", content = """{"text":"in thread"}""", reply_in_thread = true });
        var thread = reply.Data["thread_id"]!.GetValue<string>();
        await CheckAsync("im.v1.message.forward", HttpMethod.Post, $"{Im}messages/{first}/forward?receive_id_type=user_id&uuid=f1", new { receive_id = "alice" });
        var merged = await CheckAsync("im.v1.message.merge_forward", HttpMethod.Post, $"{Im}messages/merge_forward?receive_id_type=user_id",
            new { receive_id = "alice", message_id_list = new[] { first, second, "om_nobody" } });
        await CheckAsync("im.v1.message.get", HttpMethod.Get, $"{Im}messages/{merged["data"]!["message"]!["message_id"]}");
        await CheckAsync("im.v1.thread.forward", HttpMethod.Post, $"{Im}threads/{thread}/forward?receive_id_type=chat_id", new { receive_id = SeededCompany.FinanceChat });
        await CheckAsync("im.v1.message.list", HttpMethod.Get, $"{Im}messages?container_id_type=thread&container_id={thread}");
        foreach (var kind in (string[])["app", "sms", "phone"])
        {
            await CheckAsync("im.v1.message.urgent_" + kind, HttpMethod.Patch, $"{Im}messages/{first}/urgent_{kind}?user_id_type=user_id", new { user_id_list = new[] { "bob", "nobody" } });
        }

        await CheckAsync("im.v1.pin.create", HttpMethod.Post, Im + "pins", new { message_id = first });
        await CheckAsync("im.v1.pin.list", HttpMethod.Get, $"{Im}pins?chat_id={group}&page_size=1");
        await CheckAsync("im.v1.pin.delete", HttpMethod.Delete, Im + "pins/" + first);
        await _emulator.ActAsync(new { @as = "alice", @do = "react", message_id = first, emoji = "OK" });
        await CheckAsync("im.v1.message.reaction.batch_query", HttpMethod.Post, Im + "messages/reactions/batch_query", new { queries = new[] { new { message_id = first }, new { message_id = "om_nobody" } } });
        var newest = await SentAsync("user_id", "carol", "what next?");
        await CheckAsync("im.v1.message.push_follow_up", HttpMethod.Post, $"{Im}messages/{newest}/push_follow_up",
            new { follow_ups = new[] { new { content = "More", i18n_contents = new[] { new { content = "更多", language = "zh_cn" } } } } });
    }

    private async Task GroupSettingsAsync()
    {
        var made = await _emulator.CallAsync(HttpMethod.Post, Im + "chats?user_id_type=user_id", _token, new { name = "Settings", user_id_list = new[] { "alice", "bob" } });
        var id = made.Data["chat_id"]!.GetValue<string>();
        var path = $"{Im}chats/{id}";
        await CheckAsync("im.v1.chat.link", HttpMethod.Post, path + "/link", new { validity_period = "year" });
        await CheckAsync("im.v1.chat.managers.add_managers", HttpMethod.Post, path + "/managers/add_managers?member_id_type=user_id", new { manager_ids = new[] { "bob" } });
        await CheckAsync("im.v1.chat.managers.delete_managers", HttpMethod.Post, path + "/managers/delete_managers?member_id_type=user_id", new { manager_ids = new[] { "bob" } });
        await CheckAsync("im.v1.chat.moderation.update", HttpMethod.Put, path + "/moderation?user_id_type=user_id", new { moderation_setting = "moderator_list", moderator_added_list = new[] { "alice" } });
        await CheckAsync("im.v1.chat.moderation.get", HttpMethod.Get, path + "/moderation");
        await CheckAsync("im.v1.chat.top_notice.put_top_notice", HttpMethod.Post, path + "/top_notice/put_top_notice", new { chat_top_notice = new[] { new { action_type = "2" } } });
        await CheckAsync("im.v1.chat.top_notice.delete_top_notice", HttpMethod.Post, path + "/top_notice/delete_top_notice");
        await TabsAsync(path);
        await MenuAsync(path);
        await AnnouncementAsync(id);
        _emulator.State.ChangeChat(id, c => c with { HasOldAnnouncement = true, Announcement = null });
        await CheckAsync(OldAnnouncement + "get", HttpMethod.Get, path + "/announcement");
        await CheckAsync(OldAnnouncement + "patch", HttpMethod.Patch, path + "/announcement",
            new { revision = "1", requests = Array.Empty<string>() });
    }

    private async Task TabsAsync(string path)
    {
        var tabs = await CheckAsync("im.v1.chat.tab.create", HttpMethod.Post, path + "/chat_tabs", new { chat_tabs = new[] { Tab("Site", "https://mica.example/") } });
        var all = tabs["data"]!["chat_tabs"]!.AsArray();
        var (message, site) = (all[0]!["tab_id"]!.GetValue<string>(), all[1]!["tab_id"]!.GetValue<string>());
        await CheckAsync("im.v1.chat.tab.update_tabs", HttpMethod.Post, path + "/chat_tabs/update_tabs",
            new { chat_tabs = new[] { new { tab_id = site, tab_name = "New", tab_type = "url", tab_content = new { url = "https://mica.example/b" } } } });
        await CheckAsync("im.v1.chat.tab.sort_tabs", HttpMethod.Post, path + "/chat_tabs/sort_tabs", new { tab_ids = new[] { message, site } });
        await CheckAsync("im.v1.chat.tab.list_tabs", HttpMethod.Get, path + "/chat_tabs/list_tabs");
        await CheckAsync("im.v1.chat.tab.delete_tabs", HttpMethod.Delete, path + "/chat_tabs/delete_tabs", new { tab_ids = new[] { site } });
    }

    private async Task MenuAsync(string path)
    {
        var menu = await CheckAsync("im.v1.chat.menu_tree.create", HttpMethod.Post, path + "/menu_tree", new
        {
            menu_tree = new
            {
                chat_menu_top_levels = new object[]
                {
                    new { chat_menu_item = new { action_type = "NONE", name = "Help" }, children = new[] { new { chat_menu_item = new { action_type = "REDIRECT_LINK", name = "Manual", redirect_link = new { common_url = "https://mica.example/" } } } } },
                },
            },
        });
        var id = menu["data"]!["menu_tree"]!["chat_menu_top_levels"]![0]!["chat_menu_top_level_id"]!.GetValue<string>();
        await CheckAsync("im.v1.chat.menu_tree.get", HttpMethod.Get, path + "/menu_tree");
        await CheckAsync("im.v1.chat.menu_tree.sort", HttpMethod.Post, path + "/menu_tree/sort", new { chat_menu_top_level_ids = new[] { id } });
        await CheckAsync("im.v1.chat.menu_item.patch", HttpMethod.Patch, $"{path}/menu_items/{id}", new { update_fields = new[] { "NAME" }, chat_menu_item = new { name = "Help!" } });
        await CheckAsync("im.v1.chat.menu_tree.delete", HttpMethod.Delete, path + "/menu_tree", new { chat_menu_top_level_ids = new[] { id } });
    }

    private async Task AnnouncementAsync(string chat)
    {
        const string docx = "docx.v1.chat.announcement.";
        var path = $"/open-apis/docx/v1/chats/{chat}/announcement";
        await CheckAsync(docx + "get", HttpMethod.Get, path);
        var made = await CheckAsync(docx + "block.children.create", HttpMethod.Post, $"{path}/blocks/{chat}/children", new { children = new[] { Paragraph("Welcome") }, index = 0 });
        var block = made["data"]!["children"]![0]!["block_id"]!.GetValue<string>();
        await CheckAsync(docx + "block.list", HttpMethod.Get, path + "/blocks");
        await CheckAsync(docx + "block.get", HttpMethod.Get, $"{path}/blocks/{block}");
        await CheckAsync(docx + "block.children.get", HttpMethod.Get, $"{path}/blocks/{chat}/children");
        await CheckAsync(docx + "block.batch_update", HttpMethod.Patch, path + "/blocks/batch_update",
            new { requests = new[] { new { block_id = block, update_text_elements = new { elements = new[] { new { text_run = new { content = "Hello" } } } } } } });
        await CheckAsync(docx + "block.children.batch_delete", HttpMethod.Delete, $"{path}/blocks/{chat}/children/batch_delete", new { start_index = 0, end_index = 1 });
    }

    private async Task BatchesAndHooksAsync()
    {
        const string batches = Im + "batch_messages/";
        var sent = await CheckAsync("message.v4.batch_send.post", HttpMethod.Post, "/open-apis/message/v4/batch_send/",
            new { msg_type = "text", content = new { text = "to all" }, user_ids = new[] { "alice", "nobody" }, department_ids = new[] { "finance" } });
        var id = sent["data"]!["message_id"]!.GetValue<string>();
        await CheckAsync("im.v1.batch_message.get_progress", HttpMethod.Get, batches + id + "/get_progress");
        await CheckAsync("im.v1.batch_message.read_user", HttpMethod.Get, batches + id + "/read_user");
        await CheckAsync("im.v1.batch_message.delete", HttpMethod.Delete, batches + id);
        var bot = await _emulator.ControlAsync(HttpMethod.Post, "custom-bots", new { chat = SeededCompany.PurchasingChat });
        await CheckAsync("bot.v2.hook.send", HttpMethod.Post, bot["path"]!.GetValue<string>(), new { msg_type = "text", content = new { text = "hook" } });
    }

    private async Task<string> SentAsync(string type, string id, string text)
    {
        var reply = await _emulator.CallAsync(HttpMethod.Post, $"{Im}messages?receive_id_type={type}", _token, new { receive_id = id, msg_type = "text", content = new JsonObject { ["text"] = text }.ToJsonString() });
        return reply.Data["message_id"]!.GetValue<string>();
    }

    private static object Tab(string name, string url) => new { tab_name = name, tab_type = "url", tab_content = new { url } };

    private static object Paragraph(string text) => new { block_type = 2, text = new { elements = new[] { new { text_run = new { content = text } } } } };
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Auth;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Emulator.Tests;

/// <summary>Calls every played endpoint with success and holds the answer against the catalogue's field list.</summary>
public sealed partial class AnswerShapeTests : IAsyncLifetime
{
    private const string Card = """{"config":{"update_multi":true},"elements":[{"tag":"markdown","content":"hello"}]}""";
    private const string Im = "/open-apis/im/v1/";
    private const string Contact = "/open-apis/contact/v3/";
    private static readonly byte[] Png = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0];

    private readonly Dictionary<string, JsonElement> _answers = [];
    private readonly List<string> _wrong = [];
    private readonly HashSet<string> _checked = [];
    private EmulatorApp _emulator = null!;
    private string _token = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync(s => s with { RateLimitFactor = 0, RealTime = new ManualTimeProvider() });
        _token = await _emulator.TenantTokenAsync();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "catalogue", "feishu", "endpoints"), "*.json"))
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file));
            foreach (var endpoint in document.RootElement.EnumerateArray()) _answers[endpoint.GetProperty("id").GetString()!] = endpoint.Clone();
        }
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task Every_successful_answer_has_only_catalogued_fields_of_the_catalogued_types()
    {
        await TokensAsync();
        await SignInAsync();
        await ContactsAsync();
        await ContactWritesAsync();
        await ChatsAsync();
        await MessagesAsync();
        await ThreadsAndMarksAsync();
        await GroupSettingsAsync();
        await BatchesAndHooksAsync();
        await CardsAsync();
        await ApprovalsAsync();
        await DocumentsAsync();
        await CalendarsAsync();
        await TablesAsync();
        Assert.True(_wrong.Count == 0, string.Join('\n', _wrong));
        Assert.Equal(_emulator.Services.GetRequiredService<ApiHandlers>().Ids.Order(StringComparer.Ordinal), _checked.Order(StringComparer.Ordinal));
    }

    private async Task TokensAsync()
    {
        const string store = "cli_5704e00000000000";
        await _emulator.ControlAsync(HttpMethod.Post, "apps", new { app_id = store, app_secret = "s", kind = "store" });
        var ticket = _emulator.Services.GetRequiredService<TokenStore>().Ticket(store);
        var own = new { app_id = EmulatorApp.AppId, app_secret = EmulatorSettings.DefaultAppSecret };
        const string auth = "/open-apis/auth/v3/";
        await CheckAsync("auth.v3.tenant_access_token.internal", HttpMethod.Post, auth + "tenant_access_token/internal", own);
        await CheckAsync("auth.v3.app_access_token.internal", HttpMethod.Post, auth + "app_access_token/internal", own);
        await CheckAsync("auth.v3.app_ticket.resend", HttpMethod.Post, auth + "app_ticket/resend", new { app_id = store, app_secret = "s" });
        var app = await CheckAsync("auth.v3.app_access_token.create", HttpMethod.Post, auth + "app_access_token", new { app_id = store, app_secret = "s", app_ticket = ticket });
        await CheckAsync("auth.v3.tenant_access_token.create", HttpMethod.Post, auth + "tenant_access_token",
            new { app_access_token = app["app_access_token"]!.GetValue<string>(), tenant_key = _emulator.State.App(store)!.TenantKey });
        var user = (await _emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = "alice" }))["user_access_token"]!.GetValue<string>();
        await CheckAsync("bot.v3.info.get", HttpMethod.Get, "/open-apis/bot/v3/info");
        await CheckAsync("application.v6.scope.list", HttpMethod.Get, "/open-apis/application/v6/scopes");
        await CheckAsync("tenant.v2.tenant.query", HttpMethod.Get, "/open-apis/tenant/v2/tenant/query");
        await CheckAsync("application.v6.application.get", HttpMethod.Get, "/open-apis/application/v6/applications/me?lang=zh_cn");
        const string me = "/open-apis/application/v6/applications/me";
        var versions = await CheckAsync("application.v6.application.app_version.list", HttpMethod.Get, me + "/app_versions?lang=zh_cn");
        var version = versions["data"]!["items"]![0]!["version_id"]!.GetValue<string>();
        await CheckAsync("application.v6.application.app_version.get", HttpMethod.Get, $"{me}/app_versions/{version}?lang=zh_cn");
        await CheckAsync("contact.v3.department.search", HttpMethod.Post, Contact + "departments/search", new { query = "财务" }, user);
        await CheckAsync("ws.endpoint", HttpMethod.Post, "/callback/ws/endpoint",
            new JsonObject { ["AppID"] = EmulatorApp.AppId, ["AppSecret"] = EmulatorSettings.DefaultAppSecret }.ToJsonString());
        await CheckAsync("event.v1.connection.get", HttpMethod.Get, "/open-apis/event/v1/connection");
        await CheckAsync("event.v1.outbound_ip.list", HttpMethod.Get, "/open-apis/event/v1/outbound_ip");
    }

    private async Task ContactsAsync()
    {
        await CheckAsync("contact.v3.department.get", HttpMethod.Get, Contact + "departments/finance?department_id_type=department_id");
        await CheckAsync("contact.v3.department.batch", HttpMethod.Get, Contact + "departments/batch?department_ids=" + SeededCompany.FinanceDepartment);
        await CheckAsync("contact.v3.department.children", HttpMethod.Get, Contact + "departments/0/children");
        await CheckAsync("contact.v3.department.parent", HttpMethod.Get, Contact + "departments/parent?department_id=" + SeededCompany.FinanceDepartment);
        await CheckAsync("contact.v3.scope.list", HttpMethod.Get, Contact + "scopes");
        await CheckAsync("contact.v3.user.get", HttpMethod.Get, Contact + "users/alice?user_id_type=user_id");
        await CheckAsync("contact.v3.user.batch", HttpMethod.Get, Contact + "users/batch?user_id_type=user_id&user_ids=bob");
        await CheckAsync("contact.v3.user.batch_get_id", HttpMethod.Post, Contact + "users/batch_get_id", new { emails = new[] { "bob@mica.example" } });
        await CheckAsync("contact.v3.user.find_by_department", HttpMethod.Get, Contact + "users/find_by_department?department_id=" + SeededCompany.FinanceDepartment);
    }

    private async Task ContactWritesAsync()
    {
        var made = await CheckAsync("contact.v3.department.create", HttpMethod.Post, Contact + "departments",
            new { name = "法务部", parent_department_id = "0", order = "300" });
        var department = made["data"]!["department"]!["open_department_id"]!.GetValue<string>();
        await CheckAsync("contact.v3.department.patch", HttpMethod.Patch, Contact + "departments/" + department, new { name = "合规部" });
        await CheckAsync("contact.v3.department.update", HttpMethod.Put, Contact + "departments/" + department,
            new { name = "法务部", parent_department_id = "0" });
        var dave = new { user_id = "dave", name = "戴夫", mobile = "+8613800000009", department_ids = new[] { department },
            employee_type = 1 };
        await CheckAsync("contact.v3.user.create", HttpMethod.Post, Contact + "users?user_id_type=user_id", dave);
        await CheckAsync("contact.v3.user.patch", HttpMethod.Patch, Contact + "users/dave?user_id_type=user_id",
            new { job_title = "法务", department_ids = new[] { "0" } });
        await CheckAsync("contact.v3.user.update_user_id", HttpMethod.Patch, Contact + "users/dave/update_user_id?user_id_type=user_id",
            new { new_user_id = "david" });
        await CheckAsync("contact.v3.user.delete", HttpMethod.Delete, Contact + "users/david?user_id_type=user_id", new { });
        await CheckAsync("contact.v3.user.resurrect", HttpMethod.Post, Contact + "users/david/resurrect?user_id_type=user_id", new { });
        await CheckAsync("contact.v3.department.delete", HttpMethod.Delete, Contact + "departments/" + department);
    }

    private async Task ChatsAsync()
    {
        var made = await CheckAsync("im.v1.chat.create", HttpMethod.Post, Im + "chats?user_id_type=user_id&set_bot_manager=true",
            new { name = "New", owner_id = "bob", user_id_list = new[] { "alice" }, chat_type = "public" });
        var path = Im + "chats/" + made["data"]!["chat_id"]!.GetValue<string>();
        await CheckAsync("im.v1.chat.get", HttpMethod.Get, path);
        await CheckAsync("im.v1.chat.list", HttpMethod.Get, Im + "chats?page_size=1");
        await CheckAsync("im.v1.chat.search", HttpMethod.Get, Im + "chats/search?query=New");
        await CheckAsync("im.v1.chat.update", HttpMethod.Put, path, new { name = "Newer" });
        await CheckAsync("im.v1.chat.members.create", HttpMethod.Post, path + "/members?member_id_type=user_id&succeed_type=1", new { id_list = new[] { "carol", "nobody" } });
        await CheckAsync("im.v1.chat.members.get", HttpMethod.Get, path + "/members?page_size=1");
        await CheckAsync("im.v1.chat.members.is_in_chat", HttpMethod.Get, path + "/members/is_in_chat");
        await CheckAsync("im.v1.chat.members.delete", HttpMethod.Delete, path + "/members?member_id_type=user_id", new { id_list = new[] { "carol" } });
        await CheckAsync("im.v1.chat.members.me_join", HttpMethod.Patch, path + "/members/me_join");
        await CheckAsync("im.v1.chat.delete", HttpMethod.Delete, path);
    }

    private async Task MessagesAsync()
    {
        var text = new { receive_id = SeededCompany.PurchasingChat, msg_type = "text", content = """{"text":"<at user_id=\"all\"></at> hi"}""" };
        var id = (await CheckAsync("im.v1.message.create", HttpMethod.Post, Im + "messages?receive_id_type=chat_id", text))["data"]!["message_id"]!.GetValue<string>();
        var message = Im + "messages/" + id;
        await CheckAsync("im.v1.message.reply", HttpMethod.Post, message + "/reply", new { msg_type = "text", content = """{"text":"re"}""", reply_in_thread = true });
        await CheckAsync("im.v1.message.update", HttpMethod.Put, message, new { msg_type = "text", content = """{"text":"edited"}""" });
        await CheckAsync("im.v1.message.get", HttpMethod.Get, message);
        await CheckAsync("im.v1.message.list", HttpMethod.Get, $"{Im}messages?container_id_type=chat&container_id={SeededCompany.PurchasingChat}&page_size=1");
        await _emulator.ActAsync(new { @as = "alice", @do = "read", chat = SeededCompany.PurchasingChat });
        await CheckAsync("im.v1.message.read_users", HttpMethod.Get, message + "/read_users?user_id_type=open_id");
        var reaction = (await CheckAsync("im.v1.message.reaction.create", HttpMethod.Post, message + "/reactions", new { reaction_type = new { emoji_type = "OK" } }))["data"]!["reaction_id"];
        await CheckAsync("im.v1.message.reaction.list", HttpMethod.Get, message + "/reactions");
        await CheckAsync("im.v1.message.reaction.delete", HttpMethod.Delete, $"{message}/reactions/{reaction}");
        var card = (await _emulator.CallAsync(HttpMethod.Post, Im + "messages?receive_id_type=user_id", _token, new { receive_id = "alice", msg_type = "interactive", content = Card }))
            .Data["message_id"]!.GetValue<string>();
        await CheckAsync("im.v1.message.patch", HttpMethod.Patch, Im + "messages/" + card, new { content = Card });
        var click = _emulator.Services.GetRequiredService<CardTokens>().Mint(EmulatorApp.AppId, card, "alice");
        await CheckAsync("interactive.v1.card.update.post", HttpMethod.Post, "/open-apis/interactive/v1/card/update", new { token = click, card = JsonNode.Parse(Card) });
        await CheckAsync("im.v1.message.delete", HttpMethod.Delete, message);

        using var image = new MultipartFormDataContent { { new StringContent("message"), "image_type" }, { new ByteArrayContent(Png), "image", "a.png" } };
        var imageKey = (await CheckAsync("im.v1.image.create", HttpMethod.Post, Im + "images", image))["data"]!["image_key"]!.GetValue<string>();
        using var file = new MultipartFormDataContent { { new StringContent("stream"), "file_type" }, { new StringContent("a.bin"), "file_name" }, { new ByteArrayContent([1]), "file", "a.bin" } };
        var fileKey = (await CheckAsync("im.v1.file.create", HttpMethod.Post, Im + "files", file))["data"]!["file_key"]!.GetValue<string>();
        var sent = (await _emulator.CallAsync(HttpMethod.Post, Im + "messages?receive_id_type=user_id", _token,
            new { receive_id = "alice", msg_type = "image", content = $$"""{"image_key":"{{imageKey}}"}""" })).Data["message_id"];
        await DownloadAsync("im.v1.image.get", Im + "images/" + imageKey);
        await DownloadAsync("im.v1.file.get", Im + "files/" + fileKey);
        await DownloadAsync("im.v1.message.resource.get", $"{Im}messages/{sent}/resources/{imageKey}?type=image");
    }

    private async Task CardsAsync()
    {
        const string cards = "/open-apis/cardkit/v1/cards";
        const string streaming = """{"schema":"2.0","config":{"streaming_mode":true},"body":{"elements":[{"tag":"markdown","element_id":"a","content":"x"}]}}""";
        var id = (await CheckAsync("cardkit.v1.card.create", HttpMethod.Post, cards, new { type = "card_json", data = streaming }))["data"]!["card_id"]!.GetValue<string>();
        var card = $"{cards}/{id}";
        await CheckAsync("cardkit.v1.card.element.content", HttpMethod.Put, card + "/elements/a/content", new { content = "xy", sequence = 1 });
        await CheckAsync("cardkit.v1.card.element.create", HttpMethod.Post, card + "/elements", new { type = "append", elements = """[{"tag":"hr","element_id":"b"}]""", sequence = 2 });
        await CheckAsync("cardkit.v1.card.element.patch", HttpMethod.Patch, card + "/elements/a", new { partial_element = """{"content":"z"}""", sequence = 3 });
        await CheckAsync("cardkit.v1.card.element.update", HttpMethod.Put, card + "/elements/a", new { element = """{"tag":"markdown","content":"z"}""", sequence = 4 });
        await CheckAsync("cardkit.v1.card.element.delete", HttpMethod.Delete, card + "/elements/b", new { sequence = 5 });
        await CheckAsync("cardkit.v1.card.batch_update", HttpMethod.Post, card + "/batch_update",
            new { actions = """[{"action":"partial_update_setting","params":{"settings":{"config":{"enable_forward":true}}}}]""", sequence = 6 });
        await CheckAsync("cardkit.v1.card.settings", HttpMethod.Patch, card + "/settings", new { settings = """{"config":{"streaming_mode":false}}""", sequence = 7 });
        await CheckAsync("cardkit.v1.card.update", HttpMethod.Put, card, new { card = new { type = "card_json", data = streaming }, sequence = 8 });
        var sent = await _emulator.CallAsync(HttpMethod.Post, Im + "messages?receive_id_type=user_id", _token,
            new { receive_id = "bob", msg_type = "interactive", content = $$$"""{"type":"card","data":{"card_id":"{{{id}}}"}}""" });
        var ephemeral = await CheckAsync("ephemeral.v1.send.post", HttpMethod.Post, "/open-apis/ephemeral/v1/send",
            new { chat_id = SeededCompany.PurchasingChat, user_id = "bob", msg_type = "interactive", card = JsonNode.Parse(Card) });
        await CheckAsync("ephemeral.v1.delete.post", HttpMethod.Post, "/open-apis/ephemeral/v1/delete", new { message_id = ephemeral["data"]!["message_id"]!.GetValue<string>() });
        await CheckAsync("cardkit.v1.card.id_convert", HttpMethod.Post, cards + "/id_convert", new { message_id = sent.Data["message_id"]!.GetValue<string>() });
    }

    private async Task<JsonObject> CheckAsync(string id, HttpMethod method, string path, object? body = null, string? token = null)
    {
        var reply = await _emulator.CallAsync(method, path, token ?? _token, body);
        Assert.True(reply is { Status: 200, Code: 0 }, $"{id}: {reply.Status} {reply.Json.ToJsonString()}");
        _checked.Add(id);
        Fields(id, reply.Json, _answers[id].GetProperty("response"));
        if (_answers[id].TryGetProperty("response", out var fields) && fields.EnumerateArray().Any(f => f.GetProperty("name").GetString() == "data") && reply.Json["data"] is null) _wrong.Add($"{id}: no data");
        return reply.Json;
    }

    private async Task DownloadAsync(string id, string path)
    {
        var reply = await _emulator.CallAsync(HttpMethod.Get, path, _token);
        Assert.Equal(200, reply.Status);
        Assert.Equal("binary", _answers[id].GetProperty("responseType").GetString());
        _checked.Add(id);
    }

    private void Fields(string at, JsonObject value, JsonElement fields)
    {
        var known = fields.EnumerateArray().DistinctBy(f => f.GetProperty("name").GetString()).ToDictionary(f => f.GetProperty("name").GetString()!);
        foreach (var (name, inner) in value)
        {
            if (known.TryGetValue(name, out var field)) Value($"{at}.{name}", inner, field, Depth(field));
            else _wrong.Add($"{at}.{name}: not in the catalogue");
        }
    }

    private void Value(string at, JsonNode? value, JsonElement field, int depth)
    {
        if (depth > 0)
        {
            if (value is not JsonArray list) _wrong.Add($"{at}: {value?.ToJsonString() ?? "null"} is no list");
            else foreach (var item in list) Value(at + "[]", item, field, depth - 1);
            return;
        }

        var type = field.GetProperty("type").GetString();
        var fits = type switch
        {
            "string" => value?.GetValueKind() == JsonValueKind.String,
            "boolean" => value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "int" => value is JsonValue v && v.GetValueKind() == JsonValueKind.Number && v.ToJsonString().All(c => char.IsAsciiDigit(c) || c == '-'),
            "number" => value?.GetValueKind() == JsonValueKind.Number,
            "object" or "map" => value is JsonObject,
            _ => true,
        };
        if (!fits) _wrong.Add($"{at}: {value?.ToJsonString() ?? "null"} is no {type}");
        else if (value is JsonObject o && field.TryGetProperty("fields", out var fields)) Fields(at, o, fields);
    }

    private static int Depth(JsonElement field) =>
        field.TryGetProperty("arrayDepth", out var depth) ? depth.GetInt32() : field.TryGetProperty("array", out var array) && array.GetBoolean() ? 1 : 0;
}

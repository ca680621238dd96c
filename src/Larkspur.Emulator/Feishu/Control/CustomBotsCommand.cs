using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.CustomBots;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>What a group's settings do with custom bots: add one, change how it is guarded, remove it.</summary>
internal sealed class CustomBotsCommand(EmulatorState state)
{
    private const int MostKeywords = 10;
    private const int MostAddresses = 10;
    private const int LongestName = 60;

    public JsonObject List() => new() { ["custom_bots"] = new JsonArray([.. state.CustomBots.Select(b => (JsonNode)Show(b))]) };

    public JsonObject Add(ControlInput input)
    {
        input.Only("chat", "name", "en_name", "secret", "keywords", "allowed_addresses");
        if (state.Chat(input.Need("chat")) is not { Kind: ChatKind.Group, Dissolved: false } chat) throw new ControlRefusal($"There is no group {input.Text("chat")}.");
        var id = state.Ids.Next("");
        var bot = Changed(new CustomBot { Token = $"{id[..8]}-{id[8..12]}-{id[12..16]}-{id[16..20]}-{id[20..]}", ChatId = chat.ChatId, Name = input.Text("name") ?? "自定义机器人", EnName = input.Text("en_name") ?? input.Text("name") ?? "Custom bot" }, input);
        return state.Put(bot) ? Show(bot) : throw new ControlRefusal("There are too many custom bots.");
    }

    public JsonObject Change(string token, ControlInput input)
    {
        input.Only("name", "en_name", "secret", "keywords", "allowed_addresses");
        var bot = Changed(Known(token), input);
        state.Put(bot);
        return Show(bot);
    }

    public JsonObject Remove(string token) => state.RemoveCustomBot(token) ? ControlEndpoints.Done() : throw new ControlRefusal("There is no such custom bot.", 404);

    private CustomBot Known(string token) => state.CustomBot(token) ?? throw new ControlRefusal("There is no such custom bot.", 404);

    private static CustomBot Changed(CustomBot bot, ControlInput input)
    {
        var name = input.Text("name") ?? bot.Name;
        if (name.Length is 0 or > LongestName) throw new ControlRefusal("\"name\" has 1 to 60 characters.");
        bot = bot with { Name = name, EnName = input.Text("en_name") ?? bot.EnName };
        // null in the body switches the guard off.
        if (input.Body.ContainsKey("secret")) bot = bot with { Secret = input.Text("secret") is { Length: > 0 } secret ? secret : null };
        if (input.Body.ContainsKey("keywords"))
        {
            var words = input.Texts("keywords") ?? [];
            if (words.Count > MostKeywords || words.Any(w => w.Length is 0 or > 100)) throw new ControlRefusal("\"keywords\" are 10 at most, of 1 to 100 characters.");
            bot = bot with { Keywords = [.. words] };
        }

        if (input.Body.ContainsKey("allowed_addresses"))
        {
            var ranges = input.Texts("allowed_addresses") ?? [];
            if (ranges.Count > MostAddresses) throw new ControlRefusal("\"allowed_addresses\" are 10 at most.");
            if (ranges.FirstOrDefault(r => !AddressRange.IsValid(r)) is { } bad) throw new ControlRefusal($"\"{bad}\" is neither an address nor a CIDR range.");
            bot = bot with { AllowedAddresses = [.. ranges] };
        }

        return bot;
    }

    public static JsonObject Show(CustomBot bot) => new()
    {
        ["token"] = bot.Token, ["path"] = "/open-apis/bot/v2/hook/" + bot.Token, ["chat_id"] = bot.ChatId, ["name"] = bot.Name, ["en_name"] = bot.EnName, ["sender_id"] = bot.SenderId,
        ["signed"] = bot.Secret is not null, ["keywords"] = List(bot.Keywords), ["allowed_addresses"] = List(bot.AllowedAddresses),
    };

    private static JsonArray List(ImmutableArray<string> texts) => new([.. texts.Select(t => (JsonNode?)t)]);
}

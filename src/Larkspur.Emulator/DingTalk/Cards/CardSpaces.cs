using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.People;

namespace Larkspur.Emulator.DingTalk.Cards;

/// <summary>Reads <c>openSpaceId</c> and puts cards into chats.</summary>
internal sealed class CardSpaces(EmulatorState state, DingTalkSettings settings, DingTalkChats chats, CardInstances cards)
{
    private const string Prefix = "dtv1.card//";
    private const int MostSpaces = 50;
    private const string Group = "IM_GROUP";
    private const string Robot = "IM_ROBOT";

    /// <summary>Where a call wants a card: <c>dtv1.card//TYPE.id;TYPE.id</c>.</summary>
    /// <exception cref="DingTalkRefusal">It cannot be read, or the deliver model of its kind is missing or wrong.</exception>
    public IReadOnlyList<(string Type, string Id)> Read(DingTalkCall call)
    {
        var text = call.Need("openSpaceId", "param.openSpaceIdEmpty");
        if (!text.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) throw DingTalkRefusal.New("param.openSpaceIdInvalid");
        var spaces = text[Prefix.Length..].Split(';', StringSplitOptions.RemoveEmptyEntries).Select(One).ToArray();
        if (spaces.Length is 0 or > MostSpaces) throw DingTalkRefusal.New("param.openSpaceIdInvalid");
        foreach (var type in spaces.Select(s => s.Type).Distinct()) CheckModel(call, type);
        return spaces;
    }

    /// <returns>One result for each space; a space that does not exist fails by itself.</returns>
    public JsonArray Deliver(CardInstance card, IEnumerable<(string Type, string Id)> spaces, bool byUnionId) => new([.. spaces.Select(s => (JsonNode?)Deliver(card, s.Type, s.Id, byUnionId))]);

    /// <summary>A person by what <c>userIdType</c> says their ids are.</summary>
    public Person? Person(string id, bool byUnionId) =>
        byUnionId ? state.People.FirstOrDefault(p => DingTalkIds.UnionId(p.UserId) == id) : state.Member(id);

    private JsonObject Deliver(CardInstance card, string type, string id, bool byUnionId)
    {
        if (type is not (Group or Robot)) return Failed(type, id, $"space type {type} is not emulated");
        var chat = type == Group ? chats.Group(id) : Person(id, byUnionId) is { IsResigned: false } person ? chats.WithRobot(person.UserId) : null;
        if (chat is null or { Disbanded: true }) return Failed(type, id, "spaceId is illegal");
        var place = new CardPlace(type, type == Group ? id : chat.People[0], chat.Id, chats.NextMessageId(), state.Ids.Next("")[..20]);
        // Once in a place, however often it is delivered there.
        var isNew = true;
        cards.TryChange(card.OutTrackId, c =>
        {
            if (c.Places.FirstOrDefault(p => p.ChatId == chat.Id) is not { } known) return c with { Places = c.Places.Add(place) };
            (place, isNew) = (known, false);
            return c;
        }, out _);
        if (isNew)
        {
            chats.Add(new DingTalkMessage
            {
                MessageId = place.MessageId, ChatId = chat.Id, SenderKind = DingTalkSender.Robot, SenderId = settings.RobotCode, SenderName = "Larkspur 助手", Time = state.Clock.GetUtcNow(),
                Kind = "card", OutTrackId = card.OutTrackId,
            });
        }

        return new JsonObject { ["spaceType"] = type, ["spaceId"] = id, ["success"] = true, ["carrierId"] = place.CarrierId, ["errorMsg"] = "" };
    }

    private void CheckModel(DingTalkCall call, string type)
    {
        var name = type switch { Group => "imGroupOpenDeliverModel", Robot => "imRobotOpenDeliverModel", _ => null };
        if (name is null) return;
        var model = call.Object(name) ?? throw DingTalkRefusal.New("param.openDeliverModelEmpty", name + " is missing");
        var robot = model["robotCode"]?.ToString();
        if (type == Group && string.IsNullOrEmpty(robot) || !string.IsNullOrEmpty(robot) && robot != settings.RobotCode) throw DingTalkRefusal.New("param.openDeliverModelError", $"{name}.robotCode is not the robot");
        if (type == Robot && model["spaceType"]?.ToString() != Robot) throw DingTalkRefusal.New("param.openDeliverModelError", $"{name}.spaceType must be {Robot}");
    }

    private static (string Type, string Id) One(string space) =>
        space.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && dot < space.Length - 1 ? (space[..dot].ToUpperInvariant(), space[(dot + 1)..]) : throw DingTalkRefusal.New("param.openSpaceIdInvalid");

    private static JsonObject Failed(string type, string id, string why) => new() { ["spaceType"] = type, ["spaceId"] = id, ["success"] = false, ["carrierId"] = "", ["errorMsg"] = why };
}

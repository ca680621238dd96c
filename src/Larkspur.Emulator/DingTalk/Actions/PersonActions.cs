using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.Auth;
using Larkspur.Emulator.DingTalk.Cards;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.Robots;

namespace Larkspur.Emulator.DingTalk.Actions;

/// <summary>What people do on DingTalk: write, click, read, make groups and robots in them.</summary>
internal sealed class PersonActions(
    EmulatorState state, DingTalkChats chats, CardInstances cards, PersonMessages spoken, RobotMessageBody bodies, RobotDeliveries deliveries, CardClicks clicks, GroupRobots robots, DingTalkLimits limits, SignInCodes codes, ClientCodes signIn,
    ApprovalActions approvals)
{
    private const int MostPeople = 500;

    public static readonly ImmutableSortedDictionary<string, string[]> Members = new Dictionary<string, string[]>
    {
        ["send"] = [.. PersonMessages.Members],
        ["click"] = ["chat", "card", "message_id", "action", "actions", "params"],
        ["read"] = ["chat"],
        ["create_group"] = ["name", "people"],
        ["disband"] = ["chat"],
        ["sign_in"] = [],
        ["request_auth_code"] = ClientCodes.Members,
        ["agree"] = ["instance", "remark"],
        ["refuse_approval"] = ["instance", "remark"],
        ["upload_approval_file"] = ["name", "base64"],
        ["add_robot"] = ["chat", "name", "token", "secret", "keywords", "addresses", "stopped"],
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public async Task<JsonObject> RunAsync(Person who, string what, ControlInput input, CancellationToken cancellationToken) => what switch
    {
        "send" => Send(who, input),
        "click" => await ClickAsync(who, input, cancellationToken),
        "read" => Read(who, input),
        "create_group" => CreateGroup(who, input),
        "disband" => Disband(who, input),
        "agree" or "refuse_approval" => approvals.Decide(who, input, what == "agree"),
        "upload_approval_file" => approvals.Upload(who, input),
        "sign_in" => new JsonObject { ["ok"] = true, ["code"] = codes.Issue(new SignIn(who.UserId, SignInWay.Client)) },
        "request_auth_code" => signIn.Run(who, input),
        _ => AddRobot(who, input),
    };

    private JsonObject Send(Person who, ControlInput input)
    {
        var chat = Chat(who, input);
        if (chat.Kind == DingTalkChatKind.Notices) throw new ControlRefusal("Nobody writes among work notices.");
        var said = spoken.Read(input, who.UserId);
        var reply = ReplyOf(chat, said, input);
        var isGroup = chat.Kind == DingTalkChatKind.Group;
        var mentioned = input.Texts("at_people") ?? [];
        if (mentioned.FirstOrDefault(m => !chat.Has(m)) is { } stranger) throw new ControlRefusal($"{stranger} is not in the chat.");
        var message = chats.Add(new DingTalkMessage
        {
            MessageId = chats.NextMessageId(), ChatId = chat.Id, SenderKind = DingTalkSender.Person, SenderId = who.UserId, SenderName = who.Name, Time = state.Clock.GetUtcNow(), Kind = said.Type,
            Content = CanonicalJson.Write(said.Content), Title = said.Title, Text = said.Text, Media = said.Media, At = [.. mentioned], ReplyTo = reply?.To.MessageId,
        });
        var answer = ControlEndpoints.Done();
        (answer["message_id"], answer["chat_id"]) = (message.MessageId, chat.Id);
        // In a group the robot hears only what mentions it, and neither voice nor files.
        var heard = !isGroup || (input.Flag("at", true) && said.ReachesGroups);
        if (heard) heard = deliveries.Begin(chat.Id, bodies.Write(message, chat, who, said, reply, overQuota: !limits.CountDelivery()));
        answer["delivered_to_robot"] = heard;
        return answer;
    }

    /// <summary>A person replies to what stands in the same chat.</summary>
    private Reply? ReplyOf(DingTalkChat chat, PersonMessage said, ControlInput input)
    {
        if (input.Text("reply_to") is not { } id) return input.Text("reply_detail") is null ? null : throw new ControlRefusal("\"reply_detail\" says what comes along of \"reply_to\", which is missing.");
        if (!said.CanReply) throw new ControlRefusal("A reply is of msg_type text or richText.");
        var message = chats.Message(id) is { } found && found.ChatId == chat.Id ? found : throw new ControlRefusal($"There is no message {id} in the chat.", 404);
        if (message.Recalled) throw new ControlRefusal("The message was recalled.");
        return new Reply(message, input.Text("reply_detail") switch
        {
            null or "content" => ReplyDetail.Content,
            "head" => ReplyDetail.Head,
            "id" => ReplyDetail.Id,
            _ => throw new ControlRefusal("\"reply_detail\" must be content, head or id."),
        });
    }

    private async Task<JsonObject> ClickAsync(Person who, ControlInput input, CancellationToken cancellationToken)
    {
        var (card, place) = CardOf(who, input);
        var buttons = CardButtons.Of(card.DataFor(who.UserId));
        var actions = input.Texts("actions") ?? (input.Text("action") is { } one ? [one] : buttons is [var only] ? [only.ActionId] : throw new ControlRefusal($"\"action\" is missing. Buttons seen on the card: {(buttons.Length == 0 ? "none" : string.Join(", ", buttons.Select(b => b.ActionId)))}."));
        var parameters = input.Object("params") ?? buttons.FirstOrDefault(b => actions.Contains(b.ActionId))?.Params ?? [];
        var result = await clicks.ClickAsync(who.UserId, card, place, actions, parameters, cancellationToken);
        var answer = result.Delivery.Show();
        (answer["ok"], answer["card"], answer["card_changed"]) = (result.Failure is null, card.OutTrackId, result.CardChanged);
        if (result.Failure is { } why) answer["failure"] = why;
        return answer;
    }

    private JsonObject Read(Person who, ControlInput input)
    {
        chats.Read(who.UserId, Chat(who, input).Id);
        return ControlEndpoints.Done();
    }

    private JsonObject CreateGroup(Person who, ControlInput input)
    {
        var people = (input.Texts("people") ?? []).Prepend(who.UserId).Distinct().ToImmutableArray();
        if (people.Length > MostPeople) throw new ControlRefusal($"A group has {MostPeople} people at most.");
        if (people.FirstOrDefault(p => state.Person(p) is null) is { } stranger) throw new ControlRefusal($"There is no person {stranger}.");
        var group = chats.AddGroup(input.Need("name"), who.UserId, people) ?? throw new ControlRefusal("There are too many chats.");
        return new JsonObject { ["ok"] = true, ["chat_id"] = group.Id };
    }

    private JsonObject Disband(Person who, ControlInput input)
    {
        var group = GroupOf(who, input);
        if (group.OwnerId != who.UserId) throw new ControlRefusal("Only the owner disbands a group.");
        chats.Change(group.Id, g => g with { Disbanded = true });
        return ControlEndpoints.Done();
    }

    private JsonObject AddRobot(Person who, ControlInput input)
    {
        var group = GroupOf(who, input);
        var addresses = input.Texts("addresses") ?? [];
        if (addresses.FirstOrDefault(a => !AddressRange.IsValid(a)) is { } bad) throw new ControlRefusal($"{bad} is no address or CIDR range.");
        var keywords = input.Texts("keywords") ?? [];
        if (keywords.Count > 10) throw new ControlRefusal("A robot has 10 keywords at most.");
        var robot = new GroupRobot(input.Text("token") ?? state.Ids.Next("") + state.Ids.Next(""), group.Id, input.Need("name"))
        {
            Secret = input.Text("secret"), Keywords = [.. keywords], Addresses = [.. addresses], Stopped = input.Flag("stopped", false),
        };
        if (robot.Secret is null && robot.Keywords.IsEmpty && robot.Addresses.IsEmpty) throw new ControlRefusal("A robot needs one kind of security: \"secret\", \"keywords\" or \"addresses\".");
        return robots.Put(robot) ? new JsonObject { ["ok"] = true, ["webhook"] = "/robot/send?access_token=" + robot.Token } : throw new ControlRefusal("There are too many robots.");
    }

    private (CardInstance Card, CardPlace Place) CardOf(Person who, ControlInput input)
    {
        var id = input.Text("card") ?? (input.Text("message_id") is { } messageId ? chats.Message(messageId)?.OutTrackId : chats.Messages(Chat(who, input).Id).LastOrDefault(m => m.OutTrackId is not null && !m.Recalled)?.OutTrackId)
            ?? throw new ControlRefusal("There is no card here; say \"card\" (its outTrackId), \"message_id\" or \"chat\".");
        var card = cards.Find(id) ?? throw new ControlRefusal($"There is no card {id}.", 404);
        var place = card.Places.FirstOrDefault(p => chats.Find(p.ChatId)?.Has(who.UserId) == true) ?? throw new ControlRefusal($"{who.UserId} does not see the card {id}.");
        return (card, place);
    }

    private DingTalkChat GroupOf(Person who, ControlInput input) => Chat(who, input) is { Kind: DingTalkChatKind.Group } group ? group : throw new ControlRefusal("\"chat\" must be a group.");

    private DingTalkChat Chat(Person who, ControlInput input)
    {
        if (input.Text("chat") is not { } id) return chats.WithRobot(who.UserId);
        var chat = chats.Find(id) ?? throw new ControlRefusal($"There is no chat {id}. Chats of {who.UserId}: {string.Join(", ", chats.All(who.UserId).Select(c => c.Id))}.", 404);
        return chat.Disbanded ? throw new ControlRefusal("The group is disbanded.") : chat.Has(who.UserId) ? chat : throw new ControlRefusal($"{who.UserId} is not in the chat.");
    }
}

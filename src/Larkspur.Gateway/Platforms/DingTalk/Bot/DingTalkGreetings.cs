using System.Text.Json;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Settings.Branding;

namespace Larkspur.Gateway.Platforms.DingTalk.Bot;

/// <summary>First words to a group that took the robot in.</summary>
/// <remarks>The platform's pages name the event <c>chat_add_member</c> and not all of its body: a group is greeted only when the body says that the robot itself was added.</remarks>
internal sealed class DingTalkGreetings(
    DingTalkApps apps, DingTalkConversation conversation, CommandRegistry commands, Brand brand, BotOptions options)
{
    public ValueTask<Reaction> GroupAsync(EventContext context, CancellationToken cancellation)
    {
        if (!options.Greetings) return ValueTask.FromResult(Reaction.Ignore("greetings_off"));
        var added = context.Event.ReadDingTalk<MembersAdded>();
        var app = apps.Get(context.Event.App);
        var group = added.OpenConversationId ?? added.ConversationId;
        if (string.IsNullOrEmpty(group) || !added.Names(app.Client.Options.RobotCode)) return ValueTask.FromResult(Reaction.Ignore("not_the_robot"));
        return ValueTask.FromResult(new Reaction(async effects =>
        {
            var words = Greeting(Language.Chinese) + "\n" + Greeting(Language.English);
            await conversation.SayAsync(effects.Unit, app.Name, new ReplyAddress(group, DingTalkAddress.Group, group), UnifiedResponse.Text(words), $"greeting {group}", context.Reference);
            return Outcome.Answered;
        }));
    }

    private string Greeting(Language language)
    {
        var name = brand.NameIn(language);
        return commands.Text(language, BotTexts.GreetingGroup(name), BotTexts.GreetingGroupNoHelp(name));
    }

    private sealed record MembersAdded
    {
        public string? OpenConversationId { get; init; }

        public string? ConversationId { get; init; }

        public string? RobotCode { get; init; }

        [JsonExtensionData]
        public Dictionary<string, JsonElement>? Rest { get; init; }

        /// <summary>The robot is named, by a field of its own or among those who were added.</summary>
        public bool Names(string? robot) => robot is { Length: > 0 } && (RobotCode == robot || (Rest?.Values.Any(v => v.ValueKind == JsonValueKind.Array && v.EnumerateArray().Any(e => e.ValueKind == JsonValueKind.String && e.GetString() == robot)) ?? false));
    }
}

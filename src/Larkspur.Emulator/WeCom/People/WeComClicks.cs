using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.AiBots;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Cards;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Messages;

namespace Larkspur.Emulator.WeCom.People;

/// <summary>How a press on a card ended.</summary>
/// <param name="Url">A link was pressed: it opens, and no event is sent.</param>
internal sealed record CardPress(WeComMessage Message, CallbackOutcome? Outcome, string? Url);

/// <summary>People use template cards.</summary>
internal sealed class WeComClicks(EmulatorState state, WeComChats chats, WeComIds ids, WeComActions actions, AppCallbacks callbacks, ApplicationMessages messages, BotDispatcher dispatcher)
{
    /// <param name="person">Who presses.</param>
    /// <param name="message">The card's message in a chat of theirs.</param>
    /// <param name="key">Of the button or entry; <see langword="null"/>: the submit button, or the only one there is.</param>
    /// <param name="chosen">Questions to options; a question that is left out keeps what it shows.</param>
    /// <exception cref="ControlRefusal">The card has no such part, or it cannot be used any more.</exception>
    public async Task<CardPress> PressAsync(Person person, WeComMessage message, string? key, IReadOnlyDictionary<string, IReadOnlyList<string>> chosen, CancellationToken cancellationToken)
    {
        if (chats.Chat(message.ChatId)?.People.Contains(person.UserId) != true) throw new ControlRefusal($"{person.UserId} cannot see {message.MessageId}.");
        if (message.Card is not { } card || message.Recalled || message.Dropped) throw new ControlRefusal($"{message.MessageId} shows no card.");
        var outline = CardOutline.Of(card.For(person.UserId));
        var button = Find(outline, key);
        if (button is null) return new CardPress(message, null, outline.Url ?? throw new ControlRefusal($"The card has no button {key}. Keys: {string.Join(", ", outline.Buttons.Select(b => b.Key))}."));
        if (button.Url is { } url) return new CardPress(message, null, url);
        if (card.ReplacedBy is { } grey && !button.InMenu) throw new ControlRefusal($"The buttons are grey: {grey}.");
        var selected = button.InMenu ? [] : Selected(outline, chosen);
        var outcome = message.Sender switch
        {
            WeComSender.Application => await callbacks.DeliverAsync(actions.Event(button.InMenu ? "template_card_menu_event" : "template_card_event", person.UserId, xml => Write(xml, message, outline, button, selected), message.MsgId), cancellationToken: cancellationToken),
            WeComSender.AiBot => await ToBotAsync(person, message, outline, button, selected, cancellationToken),
            _ => throw new ControlRefusal("Nobody hears what is pressed on this card."),
        };
        return new CardPress(chats.Message(message.MessageId) ?? message, outcome, null);
    }

    private static CardButton? Find(CardOutline outline, string? key)
    {
        if (key is not null) return outline.Buttons.FirstOrDefault(b => b.Key == key || (b.Key.Length == 0 && b.Text == key)) ?? throw new ControlRefusal($"The card has no button {key}. Keys: {string.Join(", ", outline.Buttons.Select(b => b.Key))}.");
        if (outline.Buttons.FirstOrDefault(b => b.Submits) is { } submit) return submit;
        var pressed = outline.Buttons.Where(b => !b.InMenu).ToArray();
        return pressed.Length > 1 ? throw new ControlRefusal($"\"key\" is missing. Keys: {string.Join(", ", outline.Buttons.Select(b => b.Key))}.") : pressed.FirstOrDefault();
    }

    private static IReadOnlyList<(string Question, IReadOnlyList<string> Options)> Selected(CardOutline outline, IReadOnlyDictionary<string, IReadOnlyList<string>> chosen)
    {
        if (chosen.Keys.FirstOrDefault(k => outline.Questions.All(q => q.Key != k)) is { } unknown) throw new ControlRefusal($"The card asks no {unknown}. Questions: {string.Join(", ", outline.Questions.Select(q => q.Key))}.");
        var answers = new List<(string, IReadOnlyList<string>)>();
        foreach (var question in outline.Questions)
        {
            var options = question.Disabled || !chosen.TryGetValue(question.Key, out var given) ? [.. question.Options.Where(o => o.Chosen).Select(o => o.Id)] : given;
            if (options.FirstOrDefault(id => question.Options.All(o => o.Id != id)) is { } wrong) throw new ControlRefusal($"{question.Key} has no option {wrong}.");
            if (options.Count > 1 && !question.Many) throw new ControlRefusal($"{question.Key} takes one option.");
            if (outline.Type == CardRules.VoteInteraction && options.Count == 0) throw new ControlRefusal($"Nothing is chosen for {question.Key}.");
            answers.Add((question.Key, options));
        }

        return answers;
    }

    /// <summary>Every event brings a right to change the card, beside the one that came when it was sent.</summary>
    private void Write(CallbackXml xml, WeComMessage message, CardOutline outline, CardButton button, IReadOnlyList<(string Question, IReadOnlyList<string> Options)> selected)
    {
        xml.Text("EventKey", button.Key).Text("TaskId", message.Card!.TaskId).Text("CardType", outline.Type).Text("ResponseCode", messages.ResponseCode(message.MsgId));
        if (selected.Count == 0) return;
        xml.Part("SelectedItems", items =>
        {
            foreach (var (question, options) in selected)
            {
                items.Part("SelectedItem", item => item.Text("QuestionKey", question).Part("OptionIds", list =>
                {
                    foreach (var option in options) list.Text("OptionId", option);
                }));
            }
        });
    }

    private async Task<CallbackOutcome> ToBotAsync(
        Person person, WeComMessage message, CardOutline outline, CardButton button, IReadOnlyList<(string Question, IReadOnlyList<string> Options)> selected, CancellationToken cancellationToken)
    {
        var detail = new JsonObject { ["card_type"] = outline.Type, ["event_key"] = button.Key, ["task_id"] = message.Card!.TaskId };
        if (selected.Count > 0)
        {
            detail["selected_items"] = new JsonObject
            {
                ["selected_item"] = WeComJson.List(selected.Select(s => new JsonObject { ["question_key"] = s.Question, ["option_ids"] = new JsonObject { ["option_id"] = WeComJson.List(s.Options) } })),
            };
        }

        var request = new BotRequest
        {
            ReqId = ids.Nonce() + ids.Nonce(), Kind = BotRequestKind.CardClick, Chat = chats.Chat(message.ChatId)!, UserId = person.UserId,
            PresentUserId = person.PresentUserId, Began = state.Clock.GetUtcNow(), MessageId = message.MessageId,
            TaskId = message.Card.TaskId,
        };
        return await dispatcher.DeliverAsync(BotEvents.Of("template_card_event", request, ids.MsgId(), detail), cancellationToken);
    }
}

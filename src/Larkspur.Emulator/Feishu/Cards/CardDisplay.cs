using Larkspur.Emulator.Feishu.CardKit;

namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>Puts another card into a message that was sent.</summary>
internal sealed class CardDisplay(EmulatorState state, CardEntities entities)
{
    public static readonly TimeSpan Updatable = TimeSpan.FromDays(14);

    /// <summary>For so long people can use a card.</summary>
    public static TimeSpan Usable(CardState card) => TimeSpan.FromDays(card.IsV2 ? 14 : 30);

    /// <summary>A shared card changes for everybody, an exclusive one for <paramref name="people"/>. After 14 days the change is lost without a word.</summary>
    public void Show(string messageId, CardState next, IEnumerable<string> people) => Change(messageId, present => present.Shared || next.Shared
        ? next with { Shared = present.Shared || next.Shared, EntityId = present.EntityId }
        : present with { Views = people.Aggregate(present.Views, (views, who) => views.SetItem(who, next.Json)) });

    /// <summary>Back to what was shown: an update came before the callback's answer.</summary>
    public void Restore(string messageId, CardState before) => Change(messageId, _ => before);

    private void Change(string messageId, Func<CardState, CardState> change)
    {
        state.ChangeMessage(messageId, m =>
        {
            if (m.Card is not { } present || state.Clock.GetUtcNow() - m.CreateTime > Updatable) return m;
            var card = change(present);
            return m with { Card = card, Rendered = card.Json, UpdateTime = state.Clock.GetUtcNow(), Updated = true };
        });
        entities.Follow(messageId);
    }
}

using System.Collections.Concurrent;

namespace Larkspur.Gateway.Platforms.DingTalk.Answers;

/// <summary>The answers whose frames this process sends.</summary>
internal sealed class LiveAnswers
{
    private readonly ConcurrentDictionary<string, GrowingCard> _answers = new(StringComparer.Ordinal);

    /// <summary>The last attempt of a turn is the one that writes; an earlier one, if it is still there, is silenced.</summary>
    public async Task AddAsync(GrowingCard answer)
    {
        if (_answers.TryGetValue(answer.Card, out var earlier)) await earlier.QuietAsync();
        _answers[answer.Card] = answer;
    }

    public void Remove(GrowingCard answer) => _answers.TryRemove(KeyValuePair.Create(answer.Card, answer));

    /// <summary>No more frames of a card; ends when the one on its way was answered: the last one must not be overtaken.</summary>
    public Task QuietAsync(string card) => _answers.TryGetValue(card, out var answer) ? answer.QuietAsync() : Task.CompletedTask;
}

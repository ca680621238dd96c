using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.Chats;

namespace Larkspur.Emulator.WeCom.Control;

/// <summary>Waits until a message is there that fits; the end of a stream too.</summary>
internal sealed class WeComWait(EmulatorState state, EmulatorSettings settings, WeComChats chats)
{
    private const int DefaultMs = 20_000;
    private const int MostMs = 120_000;

    public async Task<JsonObject> RunAsync(Person person, WeComChat chat, ControlInput input, CancellationToken cancellationToken)
    {
        var (from, contains, kind, finished, after) = (input.Text("from"), input.Text("contains"), input.Text("kind"), input.OptionalFlag("finished"), input.Text("after"));
        using var timer = new CancellationTokenSource(TimeSpan.FromMilliseconds(input.Int("timeout_ms", 0, MostMs) ?? DefaultMs), settings.RealTime);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        using var watch = state.Watch();
        try
        {
            while (true)
            {
                if (Find() is { } message) return new JsonObject { ["found"] = true, ["message"] = WeComStateView.Show(message, person.UserId) };
                await watch.Changes.ReadAsync(either.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new JsonObject { ["found"] = false };
        }

        WeComMessage? Find()
        {
            var messages = chats.Messages(chat.ChatId).AsEnumerable();
            if (after is not null) messages = messages.SkipWhile(m => m.MessageId != after).Skip(1);
            return messages.FirstOrDefault(m => !m.Dropped && (from is null || WeComStateView.Word(m.Sender) == from || m.SenderId == from) && (kind is null || m.Kind == kind)
                && (contains is null || m.Text.Contains(contains, StringComparison.Ordinal)) && (finished is null || m.Stream is null || m.Stream.Finished == finished));
        }
    }
}

using System.Runtime.CompilerServices;

namespace Larkspur.Feishu.Messaging;

/// <summary>One membership change of a group at a time: the platform refuses parallel ones (232019). Per client, within this process.</summary>
internal sealed class ChatTurns
{
    private static readonly ConditionalWeakTable<FeishuClient, ChatTurns> Clients = [];

    private readonly Dictionary<string, Turn> _turns = new(StringComparer.Ordinal);

    public static async Task<T> RunAsync<T>(FeishuClient client, string chatId, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        ChatTurns turns = Clients.GetOrCreateValue(client);
        Turn turn = turns.Join(chatId);
        try
        {
            await turn.Gate.WaitAsync(cancellationToken);
            try
            {
                return await work();
            }
            finally
            {
                turn.Gate.Release();
            }
        }
        finally
        {
            turns.Leave(chatId, turn);
        }
    }

    private Turn Join(string chatId)
    {
        lock (_turns)
        {
            if (!_turns.TryGetValue(chatId, out Turn? turn)) _turns[chatId] = turn = new();
            turn.Users++;
            return turn;
        }
    }

    private void Leave(string chatId, Turn turn)
    {
        lock (_turns)
        {
            if (--turn.Users > 0) return;
            _turns.Remove(chatId);
            turn.Gate.Dispose();
        }
    }

    private sealed class Turn
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Users { get; set; }
    }
}

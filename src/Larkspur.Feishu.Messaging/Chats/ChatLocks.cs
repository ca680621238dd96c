using System.Runtime.CompilerServices;

namespace Larkspur.Feishu.Messaging;

/// <summary>One membership change of a group at a time: the platform refuses parallel ones (232019). Per client, within this process.</summary>
internal sealed class ChatLocks
{
    private static readonly ConditionalWeakTable<FeishuClient, ChatLocks> Clients = [];

    private readonly Dictionary<string, ChatLock> _locks = new(StringComparer.Ordinal);

    public static async Task<T> RunAsync<T>(FeishuClient client, string chatId, Func<Task<T>> work, CancellationToken cancellationToken)
    {
        ChatLocks locks = Clients.GetOrCreateValue(client);
        ChatLock held = locks.Join(chatId);
        try
        {
            await held.Gate.WaitAsync(cancellationToken);
            try
            {
                return await work();
            }
            finally
            {
                held.Gate.Release();
            }
        }
        finally
        {
            locks.Leave(chatId, held);
        }
    }

    private ChatLock Join(string chatId)
    {
        lock (_locks)
        {
            if (!_locks.TryGetValue(chatId, out ChatLock? held)) _locks[chatId] = held = new();
            held.Users++;
            return held;
        }
    }

    private void Leave(string chatId, ChatLock held)
    {
        lock (_locks)
        {
            if (--held.Users > 0) return;
            _locks.Remove(chatId);
            held.Gate.Dispose();
        }
    }

    private sealed class ChatLock
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Users { get; set; }
    }
}

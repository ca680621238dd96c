using System.Text.Json;

namespace Larkspur.Dify;

/// <summary>A person's conversations.</summary>
public sealed class DifyConversations
{
    private readonly DifyPipeline _pipeline;

    internal DifyConversations(DifyPipeline pipeline) => _pipeline = pipeline;

    /// <summary>A page of a person's conversations, those that changed last first.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="lastId">The last one of the page before; null: the first page.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<DifyPage<DifyConversation>> ListAsync(string user, string? lastId = null, int limit = 20, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        Check(limit);
        return _pipeline.SendAsync<DifyPage<DifyConversation>>(new DifyRequest(HttpMethod.Get,
            $"conversations?user={Uri.EscapeDataString(user)}&limit={limit}" + (lastId is null ? "" : $"&last_id={Uri.EscapeDataString(lastId)}")) { Name = "conversations" }, cancellationToken);
    }

    /// <summary>A page of a conversation, newest messages first.</summary>
    /// <param name="conversationId">Which.</param>
    /// <param name="user">Whose.</param>
    /// <param name="firstId">The oldest one of the page before; null: the newest page.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<DifyPage<DifyMessage>> MessagesAsync(string conversationId, string user, string? firstId = null, int limit = 20, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(conversationId);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        Check(limit);
        return _pipeline.SendAsync<DifyPage<DifyMessage>>(new DifyRequest(HttpMethod.Get,
            $"messages?conversation_id={Uri.EscapeDataString(conversationId)}&user={Uri.EscapeDataString(user)}&limit={limit}" + (firstId is null ? "" : $"&first_id={Uri.EscapeDataString(firstId)}"))
        {
            Name = "messages", NamesConversation = true,
        }, cancellationToken);
    }

    /// <summary>Names a conversation; null lets Dify find a name.</summary>
    public Task RenameAsync(string conversationId, string user, string? name, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(conversationId);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return _pipeline.SendAsync<JsonElement>(new DifyRequest(HttpMethod.Post, $"conversations/{Uri.EscapeDataString(conversationId)}/name")
        {
            Name = "conversations/{id}/name", NamesConversation = true, IsRepeatable = name is not null, Body = new { Name = name, AutoGenerate = name is null, User = user },
        }, cancellationToken);
    }

    /// <summary>Deletes a conversation with everything in it.</summary>
    public Task DeleteAsync(string conversationId, string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(conversationId);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return _pipeline.SendAsync<JsonElement>(new DifyRequest(HttpMethod.Delete, $"conversations/{Uri.EscapeDataString(conversationId)}")
        {
            Name = "conversations/{id}", NamesConversation = true, IsRepeatable = true, Body = new { User = user },
        }, cancellationToken);
    }

    private static void Check(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 100);
    }
}

/// <summary>A page.</summary>
public sealed record DifyPage<T>(IReadOnlyList<T> Data, bool HasMore);

/// <summary>A conversation. Times are Unix seconds.</summary>
public sealed record DifyConversation(string Id, string? Name, string? Status, long CreatedAt, long? UpdatedAt);

/// <summary>A question with its answer.</summary>
/// <param name="Id">For feedback.</param>
/// <param name="ConversationId">Where.</param>
/// <param name="Query">What was asked.</param>
/// <param name="Answer">What was answered; may be a part when it broke off.</param>
/// <param name="Status"><c>normal</c> or <c>error</c>.</param>
/// <param name="CreatedAt">Unix seconds.</param>
public sealed record DifyMessage(string Id, string ConversationId, string Query, string Answer, string? Status, long CreatedAt);

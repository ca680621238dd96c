using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.State;

/// <summary>The platform's own approval bot.</summary>
public sealed partial class EmulatorState
{
    /// <summary>Under which its messages stand in the chat.</summary>
    public const string ApprovalBotId = "cli_approval_bot";

    private readonly Dictionary<string, ApprovalNotice> _approvalNotices = [];

    /// <summary>The person's chat with it, made when it writes for the first time.</summary>
    public Chat GetOrCreateApprovalBotChat(string userId)
    {
        var id = P2pChatId(userId, ApprovalBotId);
        return Chat(id) ?? AddChat(new Chat { ChatId = id, Kind = ChatKind.P2p, Name = "审批助手", EnName = "Approval bot", ChatMode = "p2p", People = [userId] })
            ?? throw new InvalidOperationException("There are too many chats for one with the approval bot.");
    }

    /// <summary>What the bot was told to write, until its message is forgotten.</summary>
    public ApprovalNotice? ApprovalNotice(string messageId) { lock (_gate) return _messages.ContainsKey(messageId) ? _approvalNotices.GetValueOrDefault(messageId) : null; }

    public void RememberApprovalNotice(string messageId, ApprovalNotice notice)
    {
        lock (_gate)
        {
            if (_approvalNotices.Count >= MessagesPerChat)
            {
                foreach (var gone in _approvalNotices.Keys.Where(k => !_messages.ContainsKey(k)).ToArray()) _approvalNotices.Remove(gone);
            }

            _approvalNotices[messageId] = notice;
        }
    }
}

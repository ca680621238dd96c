namespace Larkspur.Emulator.State;

/// <summary>The ways the state changes. Each stores a new record and announces it.</summary>
public sealed partial class EmulatorState
{
    public void Put(Person person)
    {
        lock (_gate) Keep(person);
        Announce(ChangeKind.PersonChanged, personId: person.UserId);
    }

    public void Put(Department department)
    {
        lock (_gate) Keep(department);
        Announce(ChangeKind.PersonChanged);
    }

    public void RemoveDepartment(string openDepartmentId)
    {
        lock (_gate)
        {
            if (!_departments.Remove(openDepartmentId, out var gone)) return;
            _index.Remove(gone);
            DepartmentsChanged();
        }

        Announce(ChangeKind.PersonChanged);
    }

    public void Put(BotApp app)
    {
        lock (_gate) _apps[app.AppId] = app;
        Announce(ChangeKind.AppChanged);
    }

    /// <returns>The changed app, or <see langword="null"/> when there is none.</returns>
    public BotApp? Change(string appId, Func<BotApp, BotApp> change)
    {
        BotApp? changed;
        lock (_gate)
        {
            if (!_apps.TryGetValue(appId, out var app)) return null;
            _apps[appId] = changed = change(app);
        }

        Announce(ChangeKind.AppChanged);
        return changed;
    }

    /// <returns><see langword="null"/> when there are too many chats already.</returns>
    public Chat? AddChat(Chat chat)
    {
        lock (_gate)
        {
            if (_chats.Count >= MostChats) return null;
            var now = Clock.GetUtcNow();
            chat = chat with { CreateTime = now, LastActive = now, Version = 1 };
            _chats[chat.ChatId] = chat;
            _messagesByChat[chat.ChatId] = [];
        }

        Announce(ChangeKind.ChatAdded, chat.ChatId);
        return chat;
    }

    /// <summary>The one-to-one chat of a person and a bot, made when they meet for the first time.</summary>
    public Chat GetOrCreateBotChat(string userId, BotApp app, out bool isNew)
    {
        var id = P2pChatId(userId, app.AppId);
        lock (_gate)
        {
            if (_chats.TryGetValue(id, out var known))
            {
                isNew = false;
                return known;
            }

            isNew = true;
            var now = Clock.GetUtcNow();
            var chat = new Chat
            {
                ChatId = id, Kind = ChatKind.P2p, Name = app.Name, EnName = app.EnName, ChatMode = "p2p", People = [userId], Bots = [app.AppId],
                CreateTime = now, LastActive = now, Version = 1,
            };
            _chats[id] = chat;
            _messagesByChat[id] = [];
        }

        Announce(ChangeKind.ChatAdded, id);
        return Chat(id)!;
    }

    public Chat? ChangeChat(string chatId, Func<Chat, Chat> change)
    {
        Chat? changed;
        lock (_gate)
        {
            if (!_chats.TryGetValue(chatId, out var chat)) return null;
            _chats[chatId] = changed = change(chat) with { Version = chat.Version + 1 };
        }

        Announce(ChangeKind.ChatChanged, chatId);
        return changed;
    }

    /// <summary>Appends to its chat; unread for every person but the sender.</summary>
    public Message AddMessage(Message message)
    {
        lock (_gate)
        {
            message = message with { Version = 1 };
            _messages[message.MessageId] = message;
            RememberThread(message);
            var order = _messagesByChat[message.ChatId];
            order.Add(message.MessageId);
            _messageOrder.Enqueue((message.ChatId, message.MessageId));
            _messageText += Weight(message);
            if (order.Count > MessagesPerChat) Forget(message.ChatId, order[0]);
            ForgetBeyondBound(message.MessageId);

            var chat = _chats[message.ChatId];
            _chats[message.ChatId] = chat with { LastActive = message.CreateTime, Version = chat.Version + 1 };
            foreach (var person in chat.People)
            {
                if (person == message.SenderId || (message.OnlyFor is { } only && only != person)) continue;
                _unread[(person, chat.ChatId)] = _unread.GetValueOrDefault((person, chat.ChatId)) + 1;
            }
        }

        Announce(ChangeKind.MessageAdded, message.ChatId, message.MessageId);
        return message;
    }

    /// <param name="change">Gets the present record; returns the same one to change nothing.</param>
    public Message? ChangeMessage(string messageId, Func<Message, Message> change)
    {
        Message changed;
        lock (_gate)
        {
            if (!_messages.TryGetValue(messageId, out var message)) return null;
            changed = change(message);
            if (ReferenceEquals(changed, message)) return message;
            _messages[messageId] = changed = changed with { Version = message.Version + 1 };
            RememberThread(changed);
            _messageText += Weight(changed) - Weight(message);
            ForgetBeyondBound(messageId);
        }

        Announce(ChangeKind.MessageChanged, changed.ChatId, messageId);
        return changed;
    }

    /// <returns>The messages that were unread until now, oldest first.</returns>
    public IReadOnlyList<Message> MarkRead(string userId, string chatId)
    {
        List<Message> read = [];
        bool confirmed;
        lock (_gate)
        {
            confirmed = ConfirmUrgencies(userId, chatId);
            if (!_unread.Remove((userId, chatId)))
            {
                if (confirmed) Announce(ChangeKind.MessageRead, chatId, personId: userId);
                return [];
            }

            if (!_messagesByChat.TryGetValue(chatId, out var ids)) return [];
            var now = Clock.GetUtcNow();
            for (var i = ids.Count - 1; i >= 0; i--)
            {
                var message = _messages[ids[i]];
                if (message.SenderId == userId) continue;
                if (message.ReadBy.ContainsKey(userId)) break;
                read.Add(_messages[ids[i]] = message with { ReadBy = message.ReadBy.Add(userId, now), Version = message.Version + 1 });
            }
        }

        if (read.Count > 0 || confirmed) Announce(ChangeKind.MessageRead, chatId, personId: userId);
        read.Reverse();
        return read;
    }

    /// <param name="spared">The message that just grew or came.</param>
    private void ForgetBeyondBound(string spared)
    {
        while (_messageText > _mostMessageText && _messageOrder.TryPeek(out var oldest) && oldest.MessageId != spared)
        {
            _messageOrder.Dequeue();
            Forget(oldest.ChatId, oldest.MessageId);
        }

        // What left its chat earlier must not pile up in the order.
        while (_messageOrder.TryPeek(out var gone) && !_messages.ContainsKey(gone.MessageId)) _messageOrder.Dequeue();
    }

    private void Forget(string chatId, string messageId)
    {
        if (!_messages.Remove(messageId, out var gone)) return;
        _messageText -= Weight(gone);
        _messagesByChat[chatId].Remove(messageId);
        ForgetMarks(gone);
    }

    private static long Weight(Message m) => m.Forwarded.Sum(Weight) + m.Content.Length + m.Rendered.Length + (m.Card is { } card ? card.Json.Length + card.Views.Values.Sum(static v => (long)v.Length) : 0);

    public void Put(StoredFile file)
    {
        lock (_gate)
        {
            _files[file.Key] = file;
            _fileOrder.Enqueue(file.Key);
            _fileBytes += file.Bytes.Length;
            while (_fileBytes > MostFileBytes && _fileOrder.TryDequeue(out var oldest))
            {
                if (_files.Remove(oldest, out var gone)) _fileBytes -= gone.Bytes.Length;
            }
        }
    }
}

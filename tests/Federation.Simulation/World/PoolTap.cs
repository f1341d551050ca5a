using System.Collections.Concurrent;
using System.Reflection;

namespace Federation.Simulation.World;

/// <summary>
/// Takes the thread pool captive: its workers are parked, and the pump takes work from its queues instead.
/// The base library reaches the pool by itself (WhenAny, contended semaphores, BackgroundService, Polly), so no
/// scheduler or synchronization context could bring all continuations onto one thread. This relies on private members
/// of the runtime; the self-test makes a runtime that renames them fail here, loudly, and not in a result.
/// </summary>
internal static class PoolTap
{
    private static readonly ManualResetEvent s_release = new(initialState: false);
    private static ConcurrentQueue<object>[] s_queues = [];
    private static Action<Task, Thread>? s_runTask;

    public static bool Captive { get; private set; }

    /// <summary>True once a system timer was taken from its queue: such timers are dead for the rest of the process.</summary>
    public static bool TimerFired => !s_queues[1].IsEmpty;

    public static bool Empty => Array.TrueForAll(s_queues, static queue => queue.IsEmpty);

    public static void Capture()
    {
        if (Captive)
            return;
        const BindingFlags Private = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var work = Require(typeof(ThreadPool).GetField("s_workQueue", Private)?.GetValue(null), "ThreadPool.s_workQueue");
        s_queues = [Queue(work, "workItems"), Queue(work, "highPriorityWorkItems")];
        if (work.GetType().GetField("lowPriorityWorkItems", Private)?.GetValue(work) is ConcurrentQueue<object> low)
            s_queues = [.. s_queues, low];
        var execute = Require(typeof(Task).GetMethod("ExecuteFromThreadPool", Private), "Task.ExecuteFromThreadPool");
        s_runTask = execute.CreateDelegate<Action<Task, Thread>>();
        ParkWorkers();
        SelfTest();
        Captive = true;

        static ConcurrentQueue<object> Queue(object work, string name) =>
            Require(work.GetType().GetField(name, Private)?.GetValue(work) as ConcurrentQueue<object>, name);
    }

    public static bool TryTake(out object work)
    {
        foreach (var queue in s_queues)
        {
            if (queue.TryDequeue(out work!))
                return true;
        }

        work = null!;
        return false;
    }

    public static void Execute(object work)
    {
        if (work is Task task)
            s_runTask!(task, Thread.CurrentThread);
        else
            ((IThreadPoolWorkItem)work).Execute();
    }

    /// <summary>Drops what an ended run left behind.</summary>
    public static void Discard()
    {
        while (TryTake(out _))
        {
        }
    }

    /// <summary>Names the state machine or delegate behind an object of the pool, for traces.</summary>
    public static string Describe(object work)
    {
        var type = work.GetType();
        var machine = Array.FindLast(type.GetGenericArguments(), static argument => argument.Name.Contains('<', StringComparison.Ordinal));
        if (machine is not null)
            return $"{machine.DeclaringType?.Name}.{machine.Name}";
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.NonPublic;
        for (var level = type; level is not null; level = level.BaseType)
        {
            var field = level.GetField("m_action", Any) ?? level.GetField("_callback", Any);
            if (field?.GetValue(work) is Delegate callback)
                return $"{callback.Method.DeclaringType?.Name}.{callback.Method.Name}";
        }

        return type.Name;
    }

    private static void ParkWorkers()
    {
        var count = Environment.ProcessorCount;
        if (!ThreadPool.SetMinThreads(count, 1) || !ThreadPool.SetMaxThreads(count, 1))
            throw new InvalidOperationException("The thread pool cannot be limited to one worker for each processor.");
        using var parked = new CountdownEvent(count);
        for (var worker = 0; worker < count; worker++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    parked.Signal();
                    s_release.WaitOne();
                },
                null);
        }

        if (!parked.Wait(TimeSpan.FromSeconds(30)))
            throw new InvalidOperationException("The workers of the thread pool could not be parked.");
    }

    private static void SelfTest()
    {
        Discard();
        var ran = 0;
        var task = Task.Run(() => ran++);
        ThreadPool.QueueUserWorkItem(_ => ran++);
        ThreadPool.UnsafeQueueUserWorkItem(_ => ran++, 0, preferLocal: true);
        Thread.Sleep(50);
        if (ran != 0)
            throw new InvalidOperationException("The thread pool still runs work by itself.");
        while (TryTake(out var work))
            Execute(work);
        if (ran != 3 || !task.IsCompletedSuccessfully)
            throw new InvalidOperationException($"Of three work items {ran} were found in the queues of the thread pool.");
    }

    private static T Require<T>(T? member, string name)
        where T : class =>
        member ?? throw new InvalidOperationException($"This runtime has no {name}: the simulation does not know it and refuses to run.");
}

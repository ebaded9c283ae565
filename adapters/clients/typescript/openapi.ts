// Made by make_types.py of the server's routes and schemas, sha256 648f7e95ce3b37a09b39e44872df8d1c1bb255623a518ecb9c763d249598b7ea. Don't change it by hand.
export interface paths {
    "/v1/wallets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Wallets, page by page
         * @description In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. With a `status` a page may be short, or empty, and isn't the last while `next` isn't null. `next` is `after` of the next page; null: there is none.
         */
        get: operations["listWallets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a wallet
         * @description Never shows a state that a crash could still undo.
         */
        get: operations["readWallet"];
        /**
         * Open a wallet
         * @description 201 when it is new; 200 when it exists with the same settings; else 409 already_exists.
         */
        put: operations["openWallet"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a wallet's overdraft
         * @description A lower limit must cover what is used of it, else 402 with what is `available` to be taken off.
         */
        patch: operations["changeWallet"];
        trace?: never;
    };
    "/v1/wallets/{id}/credits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add money */
        post: operations["creditWallet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallets/{id}/debits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take money
         * @description Never more than is available: balance plus overdraft limit minus what is held.
         */
        post: operations["debitWallet"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallets/{id}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Freeze, close or open a wallet
         * @description A frozen wallet refuses debits, holds and bookings, and takes credits, reversals, captures and releases. A closed one, which must have no money, no holds and no debt, refuses all.
         */
        put: operations["setWalletStatus"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallets/{id}/holds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Holds of a wallet, page by page
         * @description In the order of their ids; of those that are closed the newest 1000 are remembered.
         */
        get: operations["readHolds"];
        put?: never;
        /**
         * Hold money for later
         * @description Held money isn't available to anybody else until it is captured, released, or the hold expires.
         */
        post: operations["holdMoney"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallets/{id}/holds/{hold}/capture": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take held money
         * @description All of it, or `amount` of it; the rest is released. It goes to the wallet of `payee`, less the `fee`, which goes to another; without a payee it leaves the books. An empty body means {}.
         */
        post: operations["captureHold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallets/{id}/holds/{hold}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give held money back
         * @description An empty body means {}.
         */
        post: operations["releaseHold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/wallets/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the wallet came to be
         * @description Each event with the balance after it, the key of the request that caused it, and what else the same transaction changed (`with`).
         */
        get: operations["readWalletHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Items, page by page
         * @description In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. `next` is `after` of the next page; null: there is none.
         */
        get: operations["listItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/items/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an item */
        get: operations["readItem"];
        /**
         * Put an item on the shelf
         * @description 201 when it is new; 200 when it was made with the same quantity; else 409 already_exists.
         */
        put: operations["openItem"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/items/{id}/restocks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Add stock */
        post: operations["restockItem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/items/{id}/picks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take stock at once */
        post: operations["pickItem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/items/{id}/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set stock aside for a while
         * @description What is reserved is nobody else's until it is committed, released, or the reservation expires.
         */
        post: operations["reserveItem"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/items/{id}/reservations/{reservation}/commit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take what is reserved */
        post: operations["commitReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/items/{id}/reservations/{reservation}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give back what is reserved */
        post: operations["releaseReservation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/items/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the item came to be */
        get: operations["readItemHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Matches, page by page, without their players
         * @description In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. With a `status` a page may be short, or empty, and isn't the last while `next` isn't null. `next` is `after` of the next page; null: there is none.
         */
        get: operations["listMatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a match and its first 100 players */
        get: operations["readMatch"];
        /**
         * Open a match
         * @description At most `attempts_max` booking attempts of one player within `attempts_window_s`. Sales close at `starts_at`. Without a `price` it is free. What is paid goes to the wallet of `payee`, less the `fee`, which goes to another; without a payee it leaves the books.
         */
        put: operations["openMatch"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change seats, price, start or sales
         * @description What isn't named stays as it is; a `price` of null makes the match free. Who has paid has paid. Seats that are added are offered to those who wait first. While somebody has a seat the price keeps its currency (409 currency_mismatch).
         */
        patch: operations["changeMatch"];
        trace?: never;
    };
    "/v1/matches/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a match
         * @description Nobody can book any more, everybody is paid back and who waits stops waiting, a few at a time; `taken` tells how far that is. Who can't be paid back (the wallet was closed) is tried again, and an operator is told.
         */
        post: operations["cancelMatch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matches/{id}/players": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All players of a match, page by page
         * @description In the order of their ids: those who are in, and those whose card is being charged.
         */
        get: operations["readPlayers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matches/{id}/bookings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Book a seat
         * @description Paid from a wallet or with a pass: seat and payment are one transaction. By card: the seat is held while the card is charged (202, `saga`). Full, or all free seats are on offer to those who wait, and `or_waitlist`: 202 with the position. A pass that ends before the match starts doesn't pay (402). Refused attempts count, in transactions and batches, too; replays don't. `reference` and `metadata` are handed on to events (those of the match name it `booking_reference`), history and rows.
         */
        post: operations["book"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matches/{id}/bookings/{player}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a player's booking */
        get: operations["readBooking"];
        put?: never;
        post?: never;
        /**
         * Give a seat back
         * @description The seat is free at once and is offered to the waiting list: the first whose payment goes through gets it. Wallet money goes back at once, card money through the refund queue. While the card is being charged: 202, `cancelling`; the charge is undone and refunded once it is decided.
         */
        delete: operations["cancelBooking"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matches/{id}/waitlist": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Wait for a seat
         * @description 202 with the position (the present one for who waits already); 201 when a seat was free and could be paid. Who can't pay when a seat is offered keeps the place, and is asked again when the wallet has got money.
         */
        post: operations["joinWaitlist"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matches/{id}/waitlist/{player}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Stop waiting */
        delete: operations["leaveWaitlist"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/matches/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the match came to be */
        get: operations["readMatchHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Passes, page by page
         * @description In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. With a `status` a page may be short, or empty, and isn't the last while `next` isn't null. `next` is `after` of the next page; null: there is none.
         */
        get: operations["listPasses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passes/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a pass */
        get: operations["readPass"];
        /**
         * Issue a pass
         * @description Lets its player (without one: whoever names it) into matches without paying, until `valid_until`.
         */
        put: operations["openPass"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/passes/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a pass back
         * @description Seats of matches that haven't started are free again, and are offered to those who wait.
         */
        post: operations["revokePass"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transfers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Move money between two wallets
         * @description Whole or not at all, one record.
         */
        post: operations["transfer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/transactions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Several commands, all or nothing
         * @description 1 to 64 commands, in order; entities may repeat. A refusal names the command's `index`. Each is one of: {wallet, credit | debit, reference?}, {wallet, hold, amount, expires_in_s?}, {item, pick | restock}, {item, reserve, reservation, expires_in_s?}, {match, book, pay?, reference?, metadata?} (paid from the player's wallet unless `pay` says otherwise).
         */
        post: operations["transact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Orders, page by page
         * @description In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. With a `status` a page may be short, or empty, and isn't the last while `next` isn't null. `next` is `after` of the next page; null: there is none.
         */
        get: operations["listOrders"];
        put?: never;
        /**
         * Buy items at once
         * @description A refusal because of an item names its `line` (from 0), the `pointer` to it and its `id`. From a wallet: 201, all of it one transaction; a refusal leaves the order as `failed`. By card: 202, the items are reserved while the card is charged; by webhook: 202, they are reserved until the provider says that the customer has paid, or won't, 25 hours at most; look at the order or at its saga. An order that failed may be placed again.
         */
        post: operations["placeOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an order */
        get: operations["readOrder"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give back a part of an order
         * @description `amount` is the money, all that is left unless it says otherwise: to the wallet at once, to a card through the refund queue. `lines` is what goes back into stock. What a payee got is taken back, the fee last.
         */
        post: operations["refundOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an order
         * @description All that is left of it goes back, money and goods. One that waits for a payment by webhook fails; while a card is charged: 202, it is undone once that is decided.
         */
        post: operations["cancelOrder"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/orders/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the order came to be */
        get: operations["readOrderHistory"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sagas, page by page; with status=stuck those that wait for an operator
         * @description In the order of their ids, complete as of `as_of_lsn`; each is shown as it is when the page is made. With a `status` a page may be short, or empty, and isn't the last while `next` isn't null; with `stuck` it has as many as there are, up to `limit`. `next` is `after` of the next page; null: there is none.
         */
        get: operations["listSagas"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{saga}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far a saga has come
         * @description Ids are order:<order> and booking:<number>.
         */
        get: operations["readSaga"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{saga}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a stuck saga's step again */
        post: operations["retrySaga"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sagas/{saga}/skip": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Leave a stuck saga's step undone
         * @description Somebody has done by hand what the step can't: the reason is kept.
         */
        post: operations["skipSaga"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The refund queue
         * @description The newest 1000, newest first.
         */
        get: operations["readRefunds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/refunds/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a refund again
         * @description One that has failed, with a new key at the provider; one that waits for funds, without waiting any longer.
         */
        post: operations["retryRefund"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payments/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept cards again
         * @description Three refunds that wait for funds pause the tenant's card payments until this. Those that wait are tried again at once.
         */
        post: operations["resumePayments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payment-events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the payment provider has said, page by page
         * @description In the order of their ids.
         */
        get: operations["readPaymentEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payment-events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of an event of the payment provider */
        get: operations["readPaymentEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/payment-events/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Act upon an event again that has failed */
        post: operations["retryPaymentEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Bets, page by page
         * @description In the order of their ids. With a filter a page may be short, or empty, and isn't the last while `next` isn't null.
         */
        get: operations["listBets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a bet
         * @description Its id is the provider's name and the provider's id of the make: acme:12345. Amounts are minor units, whatever the provider's are.
         */
        get: operations["readBet"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/references/{type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What bets named, page by page */
        get: operations["listReferences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/references/{type}/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Something that bets named */
        get: operations["readReference"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Open a player's session
         * @description Providers whose settings say so (`sessions = true`) take a player's bets only in an open session of that player. Ids are used once.
         */
        post: operations["openSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a session */
        get: operations["readSession"];
        put?: never;
        post?: never;
        /**
         * End a session
         * @description Bets that were made in it are settled as before.
         */
        delete: operations["endSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/books": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How much money there is, and where it came from
         * @description By currency, over all wallets: issued - destroyed = balances, which includes what is held. Credits and debits make and destroy money; so do payments without a payee, cards with one, and bets. A transaction makes or destroys what is left between its parts.
         */
        get: operations["readBooks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/test-gateway/balance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * What the test gateway can refund from
         * @description Only with --gateway test. Each tenant has its own; charges add to it.
         */
        put: operations["setGatewayBalance"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/test-gateway/charges": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the test gateway has charged */
        get: operations["readGatewayCharges"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/test-gateway/refunds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the test gateway has paid back */
        get: operations["readGatewayRefunds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Many commands in one request
         * @description A line each (NDJSON, at most 10 000 lines of 64 KiB, 1 MiB): any change of this document by its method and path, {"put":"/v1/wallets/w1","body":{…}}; or a command as in a transaction, or a whole transfer, {"commands":[…]} or {"order":…}; with "key" as its idempotency key if wanted. The answer has a line for each, in the same order: {"status":200,"body":{…}}, with "replayed":true where it was answered before; beyond 4 MiB {"status":200,"left_out":true}. Lines are independent of each other; those about one entity are executed in the order given. With an Idempotency-Key header the whole batch replays byte for byte, and a line without a key of its own has one made of it and its number, which is nobody else's. When a line was refused for the moment (429, 5xx), or the server died in the middle, the same batch sent again executes what is missing and answers the rest as it did.
         */
        post: operations["batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/projection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How far PostgreSQL has come
         * @description Everything up to `lsn` is in the tables. With Tote-Min-Lsn it waits until that is: then what you have written can be read there.
         */
        get: operations["readProjection"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The durable records, oldest first
         * @description Those of the caller's tenant. NDJSON: one record a line; Tote-Lsn says up to where has been looked, go on with after= that. With Accept: text/event-stream: a live feed of events `record` whose id is the LSN; Last-Event-ID resumes. It ends with an event `draining` when the server goes down, `cut_off` for a client that reads nothing for 30 s, `damaged` when the log can't be read further, or `trimmed` when what comes next has left it meanwhile. With from= it begins with the first record that isn't older than that time. A position before the log's first record is 410 `trimmed` with `first_lsn`, a resumed feed's too, before any event; where the time is of a record that is in the archive only, with its `lsn`, for `tote log --from`.
         */
        get: operations["readLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/outcomes/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What an idempotency key came to
         * @description For a client that lost the answer. A key in flight is waited for. Of a batch, under its header key: the list of its lines' answers. 404: nothing is known of the key; `outcome` is not_executed only where keys are kept for ever, else unknown: nothing was executed under it within `retention_s`, or a batch began and wasn't finished.
         */
        get: operations["readOutcome"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/cluster": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The nodes of the cluster, as this one knows them
         * @description Each node answers for itself. `isr` are the nodes that have all that is acknowledged; `lag_records` is how far a node is behind the owner's log: the owner knows it of all, others of themselves. A learner that has nothing in common with what the owner still keeps is given all of it: `filled_bytes` of `fill_bytes` (0: not known yet). `state` is this node's, `problem` why nothing goes on, while that lasts. A server that is no node of a cluster: 404.
         */
        get: operations["readCluster"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/cluster/transfer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Hand the log over to another node
         * @description To one that is in sync, which owns it then: for a change of machines without a pause. Any node may be asked.
         */
        post: operations["transferLog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/cluster/add": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a node that was removed be one again
         * @description A new node needs nothing but to be started: it says itself where it is.
         */
        post: operations["addNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/cluster/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take a node out of the cluster
         * @description It stops, and refuses to start. Whose disk is lost is never added again: the new disk is a new node.
         */
        post: operations["removeNode"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/admin/backup": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What became of the last backup
         * @description Of those that this server has made since its start, `tote backup` included (of a cluster each node answers for itself); `age_s` is of the newest one of this log that is known, null: none is. For operators of the whole server; without a directory for backups (`[backup] directory`): 404.
         */
        get: operations["readBackup"];
        put?: never;
        /**
         * Make a backup beside the running server
         * @description Into the directory that the settings name (`[backup] directory`), as `tote backup` does: complete, as of one record, 64 MiB a second, with what is in the one before linked from there. Of a cluster the node that is asked makes it of its own log, whoever owns it: what the owner has not yet sent isn't in it. One at a time; GET of the same path says how far it is. Sent again while one is made: 409.
         */
        post: operations["makeBackup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/hot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The entities with most requests, hottest first
         * @description Of the caller's tenant (of all, with `tenant`, for an operator of the whole server who names none), in the last ten seconds, estimated from samples: `rate` is requests a second, reads among them; `queue` how many of them waited for their answer at a time, on average; `p99_ms` how long that took 99 of 100, from the engine's door to the durable answer; `refused` how many were, with the commonest codes in `refusals`. Answers that were given before aren't counted again.
         */
        get: operations["readHot"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What the server did, moment by moment
         * @description Of the whole server, as /metrics is: each second of the last 15 minutes (`step_s=1`), or the last 24 hours in steps of ten (`step_s=10`); kept in memory, since the start. A point has a number for each of `columns`: counts are of the `seconds` before `time_s`, the others as of then; `lag:NAME` is how many records that follower hasn't had. With after= the newest `time_s` that is known only what came since.
         */
        get: operations["readOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/followers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who follows the log, and how far each is
         * @description Of the whole server, as /metrics is: the projection, NATS, webhooks. `told` and `failures` are since the start, `put_aside` is what was given up and lies in a file; `problem` says in a word why one stands still.
         */
        get: operations["readFollowers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/token": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whose the token is, and what it may do
         * @description `open`: the server asks for none, and everybody may do everything. `server`: of an operator of the whole server, whose requests say by the header Tote-Tenant which tenant they are about; `tenant` is null where none is named.
         */
        get: operations["readToken"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What can't go on without a person, and what to do about it
         * @description The lines `alert:` of the program's log, newest first: those that last (`lasts`) until they are over, those that have happened for a day, 1000 at most. Of the caller's tenant; an operator of the whole server who names none is told of all tenants and of the server itself (without `tenant`). `since` is at the earliest the server's start, `last` and `times` are of one that was told again within a day. `total` counts also those for which there is no room: beyond 1000 of a tenant that last.
         */
        get: operations["readAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The tenants, and what each has of the server now
         * @description By name. An operator of the whole server is told of all, everybody else of their own. `requests` and `refused` (429) are since the start.
         */
        get: operations["readTenants"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Does the process answer? */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Should requests be sent here?
         * @description Recovered, log writable, not draining. Databases behind the log being away doesn't fail it.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Prometheus text format
         * @description Needs no token: keep it from the outside with the network or a proxy. What is of a tenant (`tote_tenant_…`) is shown to that tenant's tokens only.
         */
        get: operations["metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is running */
        get: operations["version"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["openapi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/problems/{code}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What a problem means and what to do */
        get: operations["problem"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where to begin */
        get: operations["home"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Alerts: {
            alerts: {
                number: number;
                tenant?: components["schemas"]["Id"];
                kind: string;
                entity?: string;
                text: string;
                lasts: boolean;
                /** Format: date-time */
                since: string;
                /** Format: date-time */
                last: string;
                times: number;
                what_to_do: string;
            }[];
            total: number;
            next: number | null;
        };
        Backup: {
            /** @enum {string} */
            status: "none" | "running" | "done" | "failed";
            /** @description Of its directory */
            name?: string;
            /** @description It has at least everything up to here */
            lsn?: number;
            /** Format: date-time */
            began_at?: string;
            /** Format: date-time */
            ended_at?: string;
            copied_bytes?: number;
            /** @description From the backup before */
            linked_bytes?: number;
            /** @description Why it failed */
            reason?: string;
            age_s: number | null;
        };
        Bet: {
            id: components["schemas"]["Id"];
            provider: string;
            player: string | null;
            wallet: string | null;
            /** @enum {string} */
            status: "open" | "committed" | "won" | "lost" | "refunded" | "cashed_out" | "discarded" | "tombstoned";
            stake: number;
            payout: number;
            currency: string | null;
            selections: Record<string, never>[];
            operations: components["schemas"]["BetOperation"][];
            version: number;
            lsn: number;
        };
        Bets: {
            bets: components["schemas"]["Bet"][];
            /** @description after of the next page; null: there is none */
            next: string | null;
            as_of_lsn: number;
        };
        Booking: {
            match: components["schemas"]["Id"];
            player: components["schemas"]["Id"];
            /** @enum {string} */
            status: "in" | "pending" | "waitlisted" | "cancelled" | "cancelling";
            position?: number;
            saga?: string;
            payment?: components["schemas"]["Payment"];
            reference?: string;
            metadata?: components["schemas"]["Metadata"];
            version: number;
            lsn: number;
        };
        Books: {
            books: {
                currency: string;
                issued: number;
                destroyed: number;
                /** @description With what is held */
                balances: number;
                held: number;
            }[];
            as_of_lsn: number;
        };
        Capture: {
            amount?: components["schemas"]["Amount"];
            payee?: components["schemas"]["Payee"];
            fee?: components["schemas"]["Fee"];
        };
        Change: {
            amount: components["schemas"]["Amount"];
            reference?: components["schemas"]["Id"];
        };
        Cluster: {
            node: string;
            /** @enum {string} */
            state: "starting" | "standing_by" | "taking_over" | "owner" | "stopped";
            epoch: number;
            /** @description Empty: nobody yet */
            owner: string;
            isr: string[];
            problem?: string;
            nodes: {
                node: string;
                http: string;
                /** @enum {string} */
                state: "owner" | "in_sync" | "learner" | "away" | "removed";
                lsn: number | null;
                lag_records: number | null;
                filled_bytes?: number;
                fill_bytes?: number;
            }[];
        };
        ClusterNode: {
            node: components["schemas"]["Id"];
        };
        Commands: {
            commands: components["schemas"]["Command"][];
        };
        Document: Record<string, never>;
        Followers: {
            followers: {
                name: string;
                /** @enum {string} */
                role: "projection" | "destination";
                lsn: number;
                lag_records: number;
                lag_ms: number;
                connected: boolean;
                told: number;
                failures: number;
                put_aside: number;
                problem?: string;
            }[];
        };
        GatewayBalance: {
            amount: number;
        };
        GatewayEntries: {
            id: string;
            key: string;
            amount: number;
            currency: string;
            /** @enum {string} */
            status: "succeeded";
        }[];
        History: {
            entries: Record<string, never>[];
            /** @description after_version of the next page; null: there is none */
            next: number | null;
        };
        Holds: {
            holds: components["schemas"]["Hold"][];
            next: string | null;
        };
        Hot: {
            window_s: number;
            entities: {
                tenant?: components["schemas"]["Id"];
                kind: string;
                id: components["schemas"]["Id"];
                rate: number;
                queue: number;
                p99_ms: number;
                refused: number;
                refusals: {
                    code: string;
                    count: number;
                }[];
            }[];
        };
        Item: {
            id: components["schemas"]["Id"];
            on_hand: number;
            reserved: number;
            available: number;
            version: number;
            lsn: number;
        };
        ItemWithReservation: {
            id: components["schemas"]["Id"];
            on_hand: number;
            reserved: number;
            available: number;
            version: number;
            lsn: number;
            reservation: components["schemas"]["Reservation"];
        };
        Items: {
            items: components["schemas"]["Item"][];
            next: string | null;
            as_of_lsn: number;
        };
        Live: {
            /** @enum {string} */
            status: "live";
        };
        Match: {
            payee?: components["schemas"]["Payee"];
            fee?: components["schemas"]["Fee"];
            /**
             * @description Once it is
             * @enum {string}
             */
            status?: "cancelled";
            /**
             * @description While an operator has closed them
             * @enum {string}
             */
            sales?: "closed";
            /** @description Of the operator who changed it last */
            reason?: string;
            id: components["schemas"]["Id"];
            seats: number;
            taken: number;
            free: number;
            waitlist: number;
            /** Format: date-time */
            starts_at?: string;
            price?: components["schemas"]["Price"];
            version: number;
            lsn: number;
            players: components["schemas"]["Player"][];
        };
        /** @description At least one of the four */
        MatchChange: {
            seats?: number;
            /** @description null: it is free */
            price?: components["schemas"]["Price"] | null;
            /**
             * Format: date-time
             * @description UTC, with Z; null: not known
             */
            starts_at?: string | null;
            /** @enum {string} */
            sales?: "open" | "closed";
            reason?: string;
        };
        Matches: {
            matches: components["schemas"]["Match"][];
            next: string | null;
            as_of_lsn: number;
        };
        NamedReference: {
            type: string;
            id: string;
            name: string | null;
            /** Format: date-time */
            first_seen: string;
            version: number;
        };
        NewBooking: {
            player: components["schemas"]["Id"];
            pay?: components["schemas"]["Pay"];
            or_waitlist?: boolean;
            reference?: components["schemas"]["Reference"];
            metadata?: components["schemas"]["Metadata"];
        };
        NewHold: {
            hold: components["schemas"]["Id"];
            amount: components["schemas"]["Amount"];
            expires_in_s?: number;
        };
        NewMatch: {
            payee?: components["schemas"]["Payee"];
            fee?: components["schemas"]["Fee"];
            seats: number;
            price?: components["schemas"]["Price"];
            /**
             * Format: date-time
             * @description UTC, with Z
             */
            starts_at?: string;
            attempts_max?: number;
            attempts_window_s?: number;
        };
        NewOrder: {
            order: components["schemas"]["Id"];
            lines: components["schemas"]["Line"][];
            pay: components["schemas"]["OrderPay"];
            payee?: components["schemas"]["Payee"];
            fee?: components["schemas"]["Fee"];
            reference?: components["schemas"]["Reference"];
            metadata?: components["schemas"]["Metadata"];
        };
        NewPass: {
            player?: components["schemas"]["Id"];
            /** Format: date-time */
            valid_until?: string;
        };
        NewRefund: {
            refund: components["schemas"]["Id"];
            /** @description All that is left, unless it says otherwise */
            amount?: components["schemas"]["Amount"];
            lines?: components["schemas"]["Line"][];
            reason: string;
        };
        NewReservation: {
            reservation: components["schemas"]["Id"];
            quantity: number;
            expires_in_s?: number;
        };
        NewRevocation: {
            reason?: string;
        };
        NewSession: {
            session: components["schemas"]["Id"];
            player: components["schemas"]["Id"];
            wallet?: components["schemas"]["Id"];
            /** @description 3600 when it isn't said */
            expires_in_s?: number;
        };
        NewStatus: {
            /** @enum {string} */
            status: "open" | "frozen" | "closed";
            reason?: string;
        };
        NewTransfer: {
            from: components["schemas"]["Id"];
            to: components["schemas"]["Id"];
            amount: components["schemas"]["Amount"];
        };
        NewWaiter: {
            player: components["schemas"]["Id"];
            pay?: components["schemas"]["Pay"];
            reference?: components["schemas"]["Reference"];
            metadata?: components["schemas"]["Metadata"];
        };
        Nothing: Record<string, never>;
        OpenWallet: {
            /** @description ISO 4217 */
            currency: string;
            overdraft_limit?: number;
        };
        OptionalReason: {
            reason?: string;
        };
        Order: {
            order: components["schemas"]["Id"];
            /** @enum {string} */
            status: "confirmed" | "pending" | "failed" | "cancelled";
            payee?: components["schemas"]["Payee"];
            fee?: components["schemas"]["Fee"];
            /** @description Of the amount, once something was */
            refunded?: number;
            refunds?: components["schemas"]["OrderRefund"][];
            /** @description Of who cancelled it */
            reason?: string;
            /**
             * @description It is cancelled once its payment is decided
             * @enum {string}
             */
            wish?: "cancel";
            lines: components["schemas"]["Line"][];
            pay: components["schemas"]["OrderPay"];
            reference?: string;
            metadata?: components["schemas"]["Metadata"];
            saga: string;
            error?: string;
            version: number;
            lsn: number;
        };
        Orders: {
            orders: components["schemas"]["Order"][];
            next: string | null;
            as_of_lsn: number;
        };
        Overview: {
            step_s: number;
            columns: string[];
            points: number[][];
        };
        Pass: {
            id: components["schemas"]["Id"];
            player?: string;
            /** Format: date-time */
            valid_until?: string;
            /** @enum {string} */
            status: "valid" | "revoked";
            version: number;
            lsn: number;
        };
        Passes: {
            passes: components["schemas"]["Pass"][];
            next: string | null;
            as_of_lsn: number;
        };
        PaymentEvent: {
            id: components["schemas"]["Id"];
            type: string;
            /** @enum {string} */
            status: "received" | "processed" | "ignored" | "failed";
            attempts: number;
            last_error?: string;
            /** Format: date-time */
            created_at: string;
            /** @description Empty until it is processed or ignored */
            result: {
                /** @enum {string} */
                outcome?: "booked" | "confirmed" | "refunded" | "known" | "waiting" | "released" | "woken" | "returned" | "bounced" | "frozen" | "nothing" | "not_ours" | "repeated";
                /** @description Of a refund: the code of what was against a seat or the order */
                reason?: string;
                match?: string;
                player?: string;
                order?: string;
                payment?: string;
                amount?: number;
                currency?: string;
            };
            version?: number;
            lsn?: number;
        };
        PaymentEvents: {
            payment_events: components["schemas"]["PaymentEvent"][];
            next: string | null;
        };
        Players: {
            players: components["schemas"]["Player"][];
            /** @description after of the next page; null: there is none */
            next: string | null;
        };
        Projection: {
            lsn: number;
            connected: boolean;
            /** @description Since it had everything */
            lag_ms: number;
            /** @description Why it stands still */
            problem?: string;
        };
        Quantity: {
            quantity: number;
        };
        Ready: {
            ready: boolean;
            /** @enum {string} */
            reason?: "recovering" | "log_full" | "draining";
            detail?: string;
        };
        Reason: {
            reason: string;
        };
        References: {
            references: components["schemas"]["NamedReference"][];
            /** @description after of the next page; null: there is none */
            next: string | null;
        };
        Refund: {
            id: string;
            amount: number;
            currency: string;
            /** @enum {string} */
            status: "queued" | "sent" | "pending_funds" | "succeeded" | "failed";
            attempts: number;
            last_error?: string;
            /** Format: date-time */
            created_at: string;
            version?: number;
            lsn?: number;
        };
        Refunds: {
            /** @enum {string} */
            card_payments: "running" | "paused";
            refunds: components["schemas"]["Refund"][];
            version?: number;
            lsn?: number;
        };
        Saga: {
            id: string;
            /** @enum {string} */
            kind: "order" | "booking";
            /** @enum {string} */
            status: "running" | "completed" | "compensated" | "stuck";
            steps: components["schemas"]["SagaStep"][];
            version?: number;
            lsn?: number;
        };
        Sagas: {
            sagas: components["schemas"]["Saga"][];
            next: string | null;
            as_of_lsn: number;
        };
        Session: {
            id: components["schemas"]["Id"];
            /** @enum {string} */
            status: "open" | "ended" | "expired";
            player: string;
            /** @description Empty: whichever the provider's settings say */
            wallet?: string;
            /** Format: date-time */
            expires_at: string;
            version: number;
            lsn: number;
        };
        StoredOutcome: {
            status: number;
            /** @description Exactly the bytes that were answered; of a batch: the list of its lines */
            body: unknown;
            key: string;
            lsn: number;
        };
        Tenants: {
            tenants: {
                id: components["schemas"]["Id"];
                connections: number;
                requests_in_flight: number;
                streams: number;
                requests: number;
                refused: number;
            }[];
            next: string | null;
        };
        Token: {
            tenant: string | null;
            server: boolean;
            /** @enum {string} */
            role: "reader" | "writer" | "operator" | "issuer";
            name: string;
            open: boolean;
        };
        Transacted: {
            lsn: number;
            results: (components["schemas"]["Wallet"] | components["schemas"]["WalletWithHold"] | components["schemas"]["Item"] | components["schemas"]["ItemWithReservation"] | components["schemas"]["Booking"])[];
        };
        Transfer: {
            from: components["schemas"]["Wallet"];
            to: components["schemas"]["Wallet"];
            lsn: number;
        };
        Version: {
            name: string;
            version: string;
            instance: string;
        };
        Wallet: {
            id: components["schemas"]["Id"];
            currency: string;
            balance: number;
            held: number;
            available: number;
            /** @description When it isn't 0 */
            overdraft_limit?: number;
            /**
             * @description Once it was set; else it is open
             * @enum {string}
             */
            status?: "open" | "frozen" | "closed";
            /** @description Of the status */
            reason?: string;
            /** @description What reversals couldn't take, when it isn't 0: the next credits pay it */
            debt?: number;
            version: number;
            lsn: number;
        };
        WalletChange: {
            overdraft_limit: number;
            reason?: string;
        };
        WalletWithHold: {
            id: components["schemas"]["Id"];
            currency: string;
            balance: number;
            held: number;
            available: number;
            overdraft_limit?: number;
            /** @enum {string} */
            status?: "open" | "frozen" | "closed";
            reason?: string;
            debt?: number;
            version: number;
            lsn: number;
            hold: components["schemas"]["Hold"];
        };
        Wallets: {
            wallets: components["schemas"]["Wallet"][];
            next: string | null;
            as_of_lsn: number;
        };
        /** @description Minor units: cents of EUR, yen of JPY */
        Amount: number;
        BetOperation: {
            id: string;
            /** @description The provider's id */
            transaction: string | null;
            /** @enum {string} */
            operation: "bet" | "win" | "lost" | "refund" | "rollback" | "settlement";
            amount: number;
            /** @description Of a rollback: what it takes back */
            parent?: string;
            lsn: number;
            /** Format: date-time */
            time: string;
        };
        /** @description To one entity; paid from the player's own wallet unless `pay` says otherwise */
        Command: {
            wallet: components["schemas"]["Id"];
            credit: components["schemas"]["Amount"];
            reference?: components["schemas"]["Id"];
        } | {
            wallet: components["schemas"]["Id"];
            debit: components["schemas"]["Amount"];
            reference?: components["schemas"]["Id"];
        } | {
            wallet: components["schemas"]["Id"];
            hold: components["schemas"]["Id"];
            amount: components["schemas"]["Amount"];
            expires_in_s?: number;
        } | {
            item: components["schemas"]["Id"];
            pick: components["schemas"]["Amount"];
        } | {
            item: components["schemas"]["Id"];
            restock: components["schemas"]["Amount"];
        } | {
            item: components["schemas"]["Id"];
            reserve: components["schemas"]["Amount"];
            reservation: components["schemas"]["Id"];
            expires_in_s?: number;
        } | {
            match: components["schemas"]["Id"];
            book: components["schemas"]["Id"];
            pay?: components["schemas"]["Pay"];
            reference?: components["schemas"]["Reference"];
            metadata?: components["schemas"]["Metadata"];
        };
        /** @description A part of what is paid, for another wallet; needs a payee */
        Fee: {
            wallet: components["schemas"]["Id"];
            amount: components["schemas"]["Amount"];
        };
        Hold: {
            id: components["schemas"]["Id"];
            amount: number;
            /** @description Of a captured hold */
            captured?: number;
            /** Format: date-time */
            expires_at: string;
            /** @enum {string} */
            status: "open" | "captured" | "released" | "expired";
        };
        Id: string;
        Line: {
            item: components["schemas"]["Id"];
            quantity: number;
        };
        /** @description The client's own; names, values and `reference` are 1024 bytes at most, without control characters */
        Metadata: {
            [key: string]: string;
        };
        OrderPay: {
            wallet?: components["schemas"]["Id"];
            card?: components["schemas"]["Card"];
            /** @description The card webhook that tells when the customer has paid */
            webhook?: components["schemas"]["Id"];
            /** @enum {string} */
            method?: "card";
            amount: components["schemas"]["Amount"];
            /** @description Of a card, or a webhook */
            currency?: string;
        };
        OrderRefund: {
            /** @description Its id; absent: the cancellation */
            refund?: string;
            amount?: number;
            lines?: components["schemas"]["Line"][];
            reason?: string;
        };
        /** @description One of the three; a free match needs none */
        Pay: {
            wallet?: components["schemas"]["Id"];
            pass?: components["schemas"]["Id"];
            card?: components["schemas"]["Card"];
        };
        /** @description The wallet that gets what is paid */
        Payee: {
            wallet: components["schemas"]["Id"];
        };
        Payment: {
            /** @enum {string} */
            method: "wallet" | "pass" | "card" | "free";
            wallet?: string;
            pass?: string;
            charge?: string;
            amount?: number;
            currency?: string;
        };
        Player: {
            player: components["schemas"]["Id"];
            /** @enum {string} */
            status: "in" | "pending" | "cancelling";
            /** @enum {string} */
            paid_by: "wallet" | "pass" | "card" | "free";
        };
        Price: {
            amount: components["schemas"]["Amount"];
            currency: string;
        };
        /** @description The client's own; told with the events */
        Reference: string;
        Reservation: {
            id: components["schemas"]["Id"];
            quantity: number;
            /** Format: date-time */
            expires_at: string;
            /** @enum {string} */
            status: "open" | "committed" | "released" | "expired";
        };
        SagaStep: {
            name: string;
            /** @enum {string} */
            status: "pending" | "completed" | "failed" | "compensated";
            /** @description Calls made to the outside */
            attempts: number;
            error?: string;
        };
        Card: {
            token: string;
        };
    };
    responses: never;
    parameters: {
        /** @description An LSN: what came later */
        after: number;
        /** @description A number: `next` of the page before */
        after_alert: number;
        /** @description An id: `next` of the page before */
        after_id: components["schemas"]["Id"];
        /**
         * @description An event: `next` of the page before
         * @example evt_1
         */
        after_payment_event: components["schemas"]["Id"];
        /**
         * @description A player: `next` of the page before
         * @example p100
         */
        after_player: components["schemas"]["Id"];
        /** @description Seconds since 1970: what came later */
        after_time: number;
        /** @description What came later; `next` of the page before */
        after_version: number;
        /** @example acme:12345 */
        bet: components["schemas"]["Id"];
        /**
         * @description Only bets of this player
         * @example p1
         */
        bet_player: components["schemas"]["Id"];
        /** @description Only bets with this status */
        bet_status: "open" | "committed" | "won" | "lost" | "refunded" | "cashed_out" | "discarded" | "tombstoned";
        /** @example insufficient_funds */
        code: string;
        /**
         * @description A time in UTC: the records that aren't older; instead of after
         * @example 2026-01-02T03:04:05Z
         */
        from_time: string;
        /** @example h1 */
        hold: components["schemas"]["Id"];
        /** @description Only holds with this status */
        hold_status: "open" | "captured" | "released" | "expired";
        hot_limit: number;
        /** @example sku1 */
        item: components["schemas"]["Id"];
        /**
         * @description The key itself, unquoted, percent-encoded
         * @example topup-1
         */
        key: string;
        limit: number;
        /** @description Records of one answer; not of a live feed */
        log_limit: number;
        /** @example thu */
        match: components["schemas"]["Id"];
        /** @description Only matches with this status */
        match_status: "open" | "cancelled";
        /** @example o1 */
        order: components["schemas"]["Id"];
        /** @description Only orders with this status */
        order_status: "pending" | "confirmed" | "failed" | "cancelled";
        /** @description Points, the newest ones */
        overview_limit: number;
        /** @description Seconds from one point to the next */
        overview_step: 1 | 10;
        /** @example season */
        pass: components["schemas"]["Id"];
        /** @description Only passes with this status */
        pass_status: "valid" | "revoked";
        /** @example evt_1 */
        payment_event: components["schemas"]["Id"];
        /**
         * @description Only events with this status
         * @example failed
         */
        payment_event_status: "received" | "processed" | "ignored" | "failed";
        /** @example p1 */
        player: components["schemas"]["Id"];
        /** @description Only ids that begin like this */
        prefix: components["schemas"]["Id"];
        /** @example 1 */
        reference: components["schemas"]["Id"];
        /** @example sport */
        reference_type: "sport" | "category" | "tournament" | "event" | "competitor";
        /** @example b-17 */
        refund: components["schemas"]["Id"];
        /** @description Only refunds with this status */
        refund_status: "queued" | "sent" | "pending_funds" | "succeeded" | "failed";
        /** @example r1 */
        reservation: components["schemas"]["Id"];
        /** @example order:o1 */
        saga: string;
        /** @description Only sagas with this status */
        saga_status: "running" | "completed" | "compensated" | "stuck";
        /** @example s1 */
        session: components["schemas"]["Id"];
        /** @example alice */
        wallet: components["schemas"]["Id"];
        /** @description Only wallets with this status */
        wallet_status: "open" | "frozen" | "closed";
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listWallets: {
        parameters: {
            query?: {
                /** @description Only wallets with this status */
                status?: components["parameters"]["wallet_status"];
                /** @description An id: `next` of the page before */
                after?: components["parameters"]["after_id"];
                /** @description Only ids that begin like this */
                prefix?: components["parameters"]["prefix"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "wallets": [],
                     *       "next": null,
                     *       "as_of_lsn": 17
                     *     }
                     */
                    "application/json": components["schemas"]["Wallets"];
                };
            };
        };
    };
    readWallet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The wallet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "alice",
                     *       "currency": "EUR",
                     *       "balance": 1000,
                     *       "held": 200,
                     *       "available": 800,
                     *       "version": 3,
                     *       "lsn": 17
                     *     }
                     */
                    "application/json": components["schemas"]["Wallet"];
                };
            };
        };
    };
    openWallet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "currency": "EUR"
                 *     }
                 */
                "application/json": components["schemas"]["OpenWallet"];
            };
        };
        responses: {
            /** @description It exists with the same settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "alice",
                     *       "currency": "EUR",
                     *       "balance": 800,
                     *       "held": 0,
                     *       "available": 800,
                     *       "version": 2,
                     *       "lsn": 17
                     *     }
                     */
                    "application/json": components["schemas"]["Wallet"];
                };
            };
            /** @description The wallet is new */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "alice",
                     *       "currency": "EUR",
                     *       "balance": 0,
                     *       "held": 0,
                     *       "available": 0,
                     *       "version": 1,
                     *       "lsn": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Wallet"];
                };
            };
        };
    };
    changeWallet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "overdraft_limit": 500
                 *     }
                 */
                "application/json": components["schemas"]["WalletChange"];
            };
        };
        responses: {
            /** @description The wallet with its limit */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "alice",
                     *       "currency": "EUR",
                     *       "balance": 700,
                     *       "held": 0,
                     *       "available": 1200,
                     *       "overdraft_limit": 500,
                     *       "version": 3,
                     *       "lsn": 3
                     *     }
                     */
                    "application/json": components["schemas"]["Wallet"];
                };
            };
        };
    };
    creditWallet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "amount": 1000,
                 *       "reference": "topup-1"
                 *     }
                 */
                "application/json": components["schemas"]["Change"];
            };
        };
        responses: {
            /** @description The wallet with the money */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "alice",
                     *       "currency": "EUR",
                     *       "balance": 1000,
                     *       "held": 0,
                     *       "available": 1000,
                     *       "version": 2,
                     *       "lsn": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Wallet"];
                };
            };
        };
    };
    debitWallet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "amount": 300,
                 *       "reference": "order-17"
                 *     }
                 */
                "application/json": components["schemas"]["Change"];
            };
        };
        responses: {
            /** @description The wallet without the money */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "alice",
                     *       "currency": "EUR",
                     *       "balance": 700,
                     *       "held": 0,
                     *       "available": 700,
                     *       "version": 3,
                     *       "lsn": 3
                     *     }
                     */
                    "application/json": components["schemas"]["Wallet"];
                };
            };
        };
    };
    setWalletStatus: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "status": "frozen",
                 *       "reason": "asked by the player"
                 *     }
                 */
                "application/json": components["schemas"]["NewStatus"];
            };
        };
        responses: {
            /** @description The wallet with its status */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "alice",
                     *       "currency": "EUR",
                     *       "balance": 700,
                     *       "held": 0,
                     *       "available": 700,
                     *       "status": "frozen",
                     *       "reason": "asked by the player",
                     *       "version": 3,
                     *       "lsn": 3
                     *     }
                     */
                    "application/json": components["schemas"]["Wallet"];
                };
            };
        };
    };
    readHolds: {
        parameters: {
            query?: {
                /** @description Only holds with this status */
                status?: components["parameters"]["hold_status"];
                /** @description An id: `next` of the page before */
                after?: components["parameters"]["after_id"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "holds": [
                     *         {
                     *           "id": "h1",
                     *           "amount": 500,
                     *           "expires_at": "2026-01-02T03:04:05.123Z",
                     *           "status": "open"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["Holds"];
                };
            };
        };
    };
    holdMoney: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "hold": "h1",
                 *       "amount": 500,
                 *       "expires_in_s": 900
                 *     }
                 */
                "application/json": components["schemas"]["NewHold"];
            };
        };
        responses: {
            /** @description The wallet and its new hold */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "alice",
                     *       "currency": "EUR",
                     *       "balance": 1000,
                     *       "held": 500,
                     *       "available": 500,
                     *       "version": 3,
                     *       "lsn": 3,
                     *       "hold": {
                     *         "id": "h1",
                     *         "amount": 500,
                     *         "expires_at": "2026-01-02T03:04:05.123Z",
                     *         "status": "open"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["WalletWithHold"];
                };
            };
        };
    };
    captureHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
                /** @example h1 */
                hold: components["parameters"]["hold"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "amount": 300
                 *     }
                 */
                "application/json": components["schemas"]["Capture"];
            };
        };
        responses: {
            /** @description The wallet and the closed hold */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "alice",
                     *       "currency": "EUR",
                     *       "balance": 700,
                     *       "held": 0,
                     *       "available": 700,
                     *       "version": 4,
                     *       "lsn": 4,
                     *       "hold": {
                     *         "id": "h1",
                     *         "amount": 500,
                     *         "captured": 300,
                     *         "expires_at": "2026-01-02T03:04:05.123Z",
                     *         "status": "captured"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["WalletWithHold"];
                };
            };
        };
    };
    releaseHold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
                /** @example h1 */
                hold: components["parameters"]["hold"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description The wallet and the closed hold */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "alice",
                     *       "currency": "EUR",
                     *       "balance": 1000,
                     *       "held": 0,
                     *       "available": 1000,
                     *       "version": 4,
                     *       "lsn": 4,
                     *       "hold": {
                     *         "id": "h1",
                     *         "amount": 500,
                     *         "expires_at": "2026-01-02T03:04:05.123Z",
                     *         "status": "released"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["WalletWithHold"];
                };
            };
        };
    };
    readWalletHistory: {
        parameters: {
            query?: {
                /** @description What came later; `next` of the page before */
                after_version?: components["parameters"]["after_version"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path: {
                /** @example alice */
                id: components["parameters"]["wallet"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its events, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "version": 2,
                     *           "lsn": 2,
                     *           "time": "2026-01-02T03:04:05.678Z",
                     *           "event": "credited",
                     *           "amount": 5,
                     *           "balance": 5,
                     *           "held": 0,
                     *           "available": 5,
                     *           "key": "topup-1"
                     *         }
                     *       ],
                     *       "next": 2
                     *     }
                     */
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    listItems: {
        parameters: {
            query?: {
                /** @description An id: `next` of the page before */
                after?: components["parameters"]["after_id"];
                /** @description Only ids that begin like this */
                prefix?: components["parameters"]["prefix"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "items": [],
                     *       "next": null,
                     *       "as_of_lsn": 17
                     *     }
                     */
                    "application/json": components["schemas"]["Items"];
                };
            };
        };
    };
    readItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sku1 */
                id: components["parameters"]["item"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The item */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "sku1",
                     *       "on_hand": 10,
                     *       "reserved": 2,
                     *       "available": 8,
                     *       "version": 4,
                     *       "lsn": 21
                     *     }
                     */
                    "application/json": components["schemas"]["Item"];
                };
            };
        };
    };
    openItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sku1 */
                id: components["parameters"]["item"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "quantity": 100
                 *     }
                 */
                "application/json": components["schemas"]["Quantity"];
            };
        };
        responses: {
            /** @description It was made with the same quantity */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "sku1",
                     *       "on_hand": 98,
                     *       "reserved": 0,
                     *       "available": 98,
                     *       "version": 2,
                     *       "lsn": 9
                     *     }
                     */
                    "application/json": components["schemas"]["Item"];
                };
            };
            /** @description The item is new */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "sku1",
                     *       "on_hand": 100,
                     *       "reserved": 0,
                     *       "available": 100,
                     *       "version": 1,
                     *       "lsn": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Item"];
                };
            };
        };
    };
    restockItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sku1 */
                id: components["parameters"]["item"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "quantity": 5
                 *     }
                 */
                "application/json": components["schemas"]["Quantity"];
            };
        };
        responses: {
            /** @description The item with the stock */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "sku1",
                     *       "on_hand": 15,
                     *       "reserved": 0,
                     *       "available": 15,
                     *       "version": 2,
                     *       "lsn": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Item"];
                };
            };
        };
    };
    pickItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sku1 */
                id: components["parameters"]["item"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "quantity": 1
                 *     }
                 */
                "application/json": components["schemas"]["Quantity"];
            };
        };
        responses: {
            /** @description The item without it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "sku1",
                     *       "on_hand": 9,
                     *       "reserved": 0,
                     *       "available": 9,
                     *       "version": 2,
                     *       "lsn": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Item"];
                };
            };
        };
    };
    reserveItem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sku1 */
                id: components["parameters"]["item"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reservation": "r1",
                 *       "quantity": 2,
                 *       "expires_in_s": 900
                 *     }
                 */
                "application/json": components["schemas"]["NewReservation"];
            };
        };
        responses: {
            /** @description It is reserved */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "sku1",
                     *       "on_hand": 10,
                     *       "reserved": 2,
                     *       "available": 8,
                     *       "version": 2,
                     *       "lsn": 2,
                     *       "reservation": {
                     *         "id": "r1",
                     *         "quantity": 2,
                     *         "expires_at": "2026-01-02T03:04:05.678Z",
                     *         "status": "open"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ItemWithReservation"];
                };
            };
        };
    };
    commitReservation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sku1 */
                id: components["parameters"]["item"];
                /** @example r1 */
                reservation: components["parameters"]["reservation"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description It is taken */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "sku1",
                     *       "on_hand": 8,
                     *       "reserved": 0,
                     *       "available": 8,
                     *       "version": 3,
                     *       "lsn": 3,
                     *       "reservation": {
                     *         "id": "r1",
                     *         "quantity": 2,
                     *         "expires_at": "2026-01-02T03:04:05.678Z",
                     *         "status": "committed"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ItemWithReservation"];
                };
            };
        };
    };
    releaseReservation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sku1 */
                id: components["parameters"]["item"];
                /** @example r1 */
                reservation: components["parameters"]["reservation"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description It is available again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "sku1",
                     *       "on_hand": 10,
                     *       "reserved": 0,
                     *       "available": 10,
                     *       "version": 3,
                     *       "lsn": 3,
                     *       "reservation": {
                     *         "id": "r1",
                     *         "quantity": 2,
                     *         "expires_at": "2026-01-02T03:04:05.678Z",
                     *         "status": "released"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["ItemWithReservation"];
                };
            };
        };
    };
    readItemHistory: {
        parameters: {
            query?: {
                /** @description What came later; `next` of the page before */
                after_version?: components["parameters"]["after_version"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path: {
                /** @example sku1 */
                id: components["parameters"]["item"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its events, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "version": 1,
                     *           "lsn": 1,
                     *           "time": "2026-01-02T03:04:05.678Z",
                     *           "event": "opened",
                     *           "quantity": 5,
                     *           "on_hand": 5,
                     *           "reserved": 0,
                     *           "available": 5
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    listMatches: {
        parameters: {
            query?: {
                /** @description Only matches with this status */
                status?: components["parameters"]["match_status"];
                /** @description An id: `next` of the page before */
                after?: components["parameters"]["after_id"];
                /** @description Only ids that begin like this */
                prefix?: components["parameters"]["prefix"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "matches": [],
                     *       "next": null,
                     *       "as_of_lsn": 17
                     *     }
                     */
                    "application/json": components["schemas"]["Matches"];
                };
            };
        };
    };
    readMatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The match */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "thu",
                     *       "seats": 17,
                     *       "taken": 1,
                     *       "free": 16,
                     *       "waitlist": 0,
                     *       "version": 2,
                     *       "lsn": 4,
                     *       "price": {
                     *         "amount": 500,
                     *         "currency": "EUR"
                     *       },
                     *       "players": [
                     *         {
                     *           "player": "p1",
                     *           "status": "in",
                     *           "paid_by": "wallet"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Match"];
                };
            };
        };
    };
    openMatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "seats": 17,
                 *       "price": {
                 *         "amount": 500,
                 *         "currency": "EUR"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewMatch"];
            };
        };
        responses: {
            /** @description It exists with the same settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "thu",
                     *       "seats": 17,
                     *       "taken": 0,
                     *       "free": 17,
                     *       "waitlist": 0,
                     *       "version": 1,
                     *       "lsn": 1,
                     *       "price": {
                     *         "amount": 500,
                     *         "currency": "EUR"
                     *       },
                     *       "players": []
                     *     }
                     */
                    "application/json": components["schemas"]["Match"];
                };
            };
            /** @description The match is new */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "thu",
                     *       "seats": 17,
                     *       "taken": 0,
                     *       "free": 17,
                     *       "waitlist": 0,
                     *       "version": 1,
                     *       "lsn": 1,
                     *       "price": {
                     *         "amount": 500,
                     *         "currency": "EUR"
                     *       },
                     *       "players": []
                     *     }
                     */
                    "application/json": components["schemas"]["Match"];
                };
            };
        };
    };
    changeMatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "seats": 18,
                 *       "reason": "one more field"
                 *     }
                 */
                "application/json": components["schemas"]["MatchChange"];
            };
        };
        responses: {
            /** @description The match as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "thu",
                     *       "seats": 18,
                     *       "taken": 1,
                     *       "free": 17,
                     *       "waitlist": 0,
                     *       "version": 2,
                     *       "lsn": 4,
                     *       "price": {
                     *         "amount": 500,
                     *         "currency": "EUR"
                     *       },
                     *       "reason": "one more field",
                     *       "players": []
                     *     }
                     */
                    "application/json": components["schemas"]["Match"];
                };
            };
        };
    };
    cancelMatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "rain"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description It is cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "thu",
                     *       "seats": 17,
                     *       "taken": 1,
                     *       "free": 16,
                     *       "waitlist": 0,
                     *       "version": 3,
                     *       "lsn": 5,
                     *       "status": "cancelled",
                     *       "reason": "rain",
                     *       "price": {
                     *         "amount": 500,
                     *         "currency": "EUR"
                     *       },
                     *       "players": []
                     *     }
                     */
                    "application/json": components["schemas"]["Match"];
                };
            };
        };
    };
    readPlayers: {
        parameters: {
            query?: {
                /**
                 * @description A player: `next` of the page before
                 * @example p100
                 */
                after?: components["parameters"]["after_player"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "players": [
                     *         {
                     *           "player": "p1",
                     *           "status": "in",
                     *           "paid_by": "wallet"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["Players"];
                };
            };
        };
    };
    book: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "player": "p1",
                 *       "pay": {
                 *         "wallet": "p1"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewBooking"];
            };
        };
        responses: {
            /** @description The player is in */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "match": "thu",
                     *       "player": "p1",
                     *       "status": "in",
                     *       "version": 2,
                     *       "lsn": 4,
                     *       "payment": {
                     *         "method": "wallet",
                     *         "wallet": "p1",
                     *         "amount": 500,
                     *         "currency": "EUR"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
            /** @description On the waiting list, or the card is being charged */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "match": "thu",
                     *       "player": "p1",
                     *       "status": "waitlisted",
                     *       "position": 3,
                     *       "version": 9,
                     *       "lsn": 40
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    readBooking: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
                /** @example p1 */
                player: components["parameters"]["player"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The seat, or the place on the waiting list */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "match": "thu",
                     *       "player": "p1",
                     *       "status": "in",
                     *       "version": 2,
                     *       "lsn": 4,
                     *       "payment": {
                     *         "method": "wallet",
                     *         "wallet": "p1",
                     *         "amount": 500,
                     *         "currency": "EUR"
                     *       },
                     *       "reference": "invoice 17",
                     *       "metadata": {
                     *         "shirt": "red"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    cancelBooking: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
                /** @example p1 */
                player: components["parameters"]["player"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The seat is free */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "match": "thu",
                     *       "player": "p1",
                     *       "status": "cancelled",
                     *       "version": 3,
                     *       "lsn": 5
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
            /** @description The card is being charged: it is undone when that is decided */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "match": "thu",
                     *       "player": "p1",
                     *       "status": "cancelling",
                     *       "version": 3,
                     *       "lsn": 5
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    joinWaitlist: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "player": "p9",
                 *       "pay": {
                 *         "wallet": "p9"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewWaiter"];
            };
        };
        responses: {
            /** @description The player is in */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "match": "thu",
                     *       "player": "p9",
                     *       "status": "in",
                     *       "version": 3,
                     *       "lsn": 6,
                     *       "payment": {
                     *         "method": "wallet",
                     *         "wallet": "p9",
                     *         "amount": 500,
                     *         "currency": "EUR"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
            /** @description The player waits */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "match": "thu",
                     *       "player": "p9",
                     *       "status": "waitlisted",
                     *       "position": 1,
                     *       "version": 3,
                     *       "lsn": 6
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    leaveWaitlist: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
                /** @example p1 */
                player: components["parameters"]["player"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The place is given up */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "match": "thu",
                     *       "player": "p1",
                     *       "status": "cancelled",
                     *       "version": 3,
                     *       "lsn": 5
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
            /** @description The card is being charged for a seat: it is undone when that is decided */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "match": "thu",
                     *       "player": "p1",
                     *       "status": "cancelling",
                     *       "version": 3,
                     *       "lsn": 5
                     *     }
                     */
                    "application/json": components["schemas"]["Booking"];
                };
            };
        };
    };
    readMatchHistory: {
        parameters: {
            query?: {
                /** @description What came later; `next` of the page before */
                after_version?: components["parameters"]["after_version"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path: {
                /** @example thu */
                id: components["parameters"]["match"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its events, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "version": 1,
                     *           "lsn": 1,
                     *           "time": "2026-01-02T03:04:05.678Z",
                     *           "event": "opened",
                     *           "seats": 17,
                     *           "taken": 0,
                     *           "free": 17,
                     *           "waitlist": 0
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    listPasses: {
        parameters: {
            query?: {
                /** @description Only passes with this status */
                status?: components["parameters"]["pass_status"];
                /** @description An id: `next` of the page before */
                after?: components["parameters"]["after_id"];
                /** @description Only ids that begin like this */
                prefix?: components["parameters"]["prefix"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "passes": [],
                     *       "next": null,
                     *       "as_of_lsn": 17
                     *     }
                     */
                    "application/json": components["schemas"]["Passes"];
                };
            };
        };
    };
    readPass: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example season */
                id: components["parameters"]["pass"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The pass */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "season",
                     *       "status": "valid",
                     *       "version": 1,
                     *       "lsn": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Pass"];
                };
            };
        };
    };
    openPass: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example season */
                id: components["parameters"]["pass"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "player": "p1",
                 *       "valid_until": "2030-01-01T00:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["NewPass"];
            };
        };
        responses: {
            /** @description It exists with the same settings */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "season",
                     *       "status": "valid",
                     *       "version": 1,
                     *       "lsn": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Pass"];
                };
            };
            /** @description The pass is new */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "season",
                     *       "player": "p1",
                     *       "valid_until": "2030-01-01T00:00:00.000Z",
                     *       "status": "valid",
                     *       "version": 1,
                     *       "lsn": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Pass"];
                };
            };
        };
    };
    revokePass: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example season */
                id: components["parameters"]["pass"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "left the club"
                 *     }
                 */
                "application/json": components["schemas"]["NewRevocation"];
            };
        };
        responses: {
            /** @description It is revoked */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "season",
                     *       "status": "revoked",
                     *       "version": 2,
                     *       "lsn": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Pass"];
                };
            };
        };
    };
    transfer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "from": "alice",
                 *       "to": "bob",
                 *       "amount": 5
                 *     }
                 */
                "application/json": components["schemas"]["NewTransfer"];
            };
        };
        responses: {
            /** @description Both wallets */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "from": {
                     *         "id": "alice",
                     *         "currency": "EUR",
                     *         "balance": 95,
                     *         "held": 0,
                     *         "available": 95,
                     *         "version": 3,
                     *         "lsn": 4
                     *       },
                     *       "to": {
                     *         "id": "bob",
                     *         "currency": "EUR",
                     *         "balance": 5,
                     *         "held": 0,
                     *         "available": 5,
                     *         "version": 2,
                     *         "lsn": 4
                     *       },
                     *       "lsn": 4
                     *     }
                     */
                    "application/json": components["schemas"]["Transfer"];
                };
            };
        };
    };
    transact: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "commands": [
                 *         {
                 *           "wallet": "alice",
                 *           "debit": 300
                 *         },
                 *         {
                 *           "item": "sku1",
                 *           "pick": 2
                 *         },
                 *         {
                 *           "match": "thu",
                 *           "book": "alice"
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["Commands"];
            };
        };
        responses: {
            /** @description What each command's entity is after all of them */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "lsn": 7,
                     *       "results": [
                     *         {
                     *           "id": "sku1",
                     *           "on_hand": 8,
                     *           "reserved": 0,
                     *           "available": 8,
                     *           "version": 2,
                     *           "lsn": 7
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Transacted"];
                };
            };
        };
    };
    listOrders: {
        parameters: {
            query?: {
                /** @description Only orders with this status */
                status?: components["parameters"]["order_status"];
                /** @description An id: `next` of the page before */
                after?: components["parameters"]["after_id"];
                /** @description Only ids that begin like this */
                prefix?: components["parameters"]["prefix"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "orders": [],
                     *       "next": null,
                     *       "as_of_lsn": 17
                     *     }
                     */
                    "application/json": components["schemas"]["Orders"];
                };
            };
        };
    };
    placeOrder: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "order": "o1",
                 *       "lines": [
                 *         {
                 *           "item": "sku1",
                 *           "quantity": 2
                 *         }
                 *       ],
                 *       "pay": {
                 *         "wallet": "alice",
                 *         "amount": 3000
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["NewOrder"];
            };
        };
        responses: {
            /** @description The order is confirmed */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "order": "o1",
                     *       "status": "confirmed",
                     *       "version": 1,
                     *       "lsn": 5,
                     *       "lines": [
                     *         {
                     *           "item": "sku1",
                     *           "quantity": 2
                     *         }
                     *       ],
                     *       "pay": {
                     *         "wallet": "alice",
                     *         "amount": 3000
                     *       },
                     *       "saga": "order:o1"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description The card is being charged */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "order": "o1",
                     *       "status": "pending",
                     *       "version": 1,
                     *       "lsn": 5,
                     *       "lines": [
                     *         {
                     *           "item": "sku1",
                     *           "quantity": 2
                     *         }
                     *       ],
                     *       "pay": {
                     *         "method": "card",
                     *         "amount": 3000,
                     *         "currency": "EUR"
                     *       },
                     *       "saga": "order:o1"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    readOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example o1 */
                id: components["parameters"]["order"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The order */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "order": "o1",
                     *       "status": "failed",
                     *       "version": 1,
                     *       "lsn": 5,
                     *       "lines": [
                     *         {
                     *           "item": "sku1",
                     *           "quantity": 2
                     *         }
                     *       ],
                     *       "pay": {
                     *         "wallet": "alice",
                     *         "amount": 3000
                     *       },
                     *       "saga": "order:o1",
                     *       "error": "insufficient_funds"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    refundOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example o1 */
                id: components["parameters"]["order"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "refund": "r1",
                 *       "amount": 10,
                 *       "lines": [
                 *         {
                 *           "item": "sku1",
                 *           "quantity": 1
                 *         }
                 *       ],
                 *       "reason": "one was broken"
                 *     }
                 */
                "application/json": components["schemas"]["NewRefund"];
            };
        };
        responses: {
            /** @description The order with what went back */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "order": "o1",
                     *       "status": "confirmed",
                     *       "version": 2,
                     *       "lsn": 6,
                     *       "lines": [
                     *         {
                     *           "item": "sku1",
                     *           "quantity": 2
                     *         }
                     *       ],
                     *       "pay": {
                     *         "wallet": "alice",
                     *         "amount": 30
                     *       },
                     *       "saga": "order:o1",
                     *       "refunded": 10,
                     *       "refunds": [
                     *         {
                     *           "refund": "r1",
                     *           "amount": 10,
                     *           "lines": [
                     *             {
                     *               "item": "sku1",
                     *               "quantity": 1
                     *             }
                     *           ],
                     *           "reason": "one was broken"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    cancelOrder: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example o1 */
                id: components["parameters"]["order"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "asked by the customer"
                 *     }
                 */
                "application/json": components["schemas"]["OptionalReason"];
            };
        };
        responses: {
            /** @description It is cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "order": "o1",
                     *       "status": "cancelled",
                     *       "version": 2,
                     *       "lsn": 6,
                     *       "lines": [
                     *         {
                     *           "item": "sku1",
                     *           "quantity": 2
                     *         }
                     *       ],
                     *       "pay": {
                     *         "wallet": "alice",
                     *         "amount": 30
                     *       },
                     *       "saga": "order:o1",
                     *       "reason": "asked by the customer",
                     *       "refunded": 30,
                     *       "refunds": [
                     *         {
                     *           "amount": 30,
                     *           "lines": [
                     *             {
                     *               "item": "sku1",
                     *               "quantity": 2
                     *             }
                     *           ],
                     *           "reason": "asked by the customer"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
            /** @description Its card is being charged: it is cancelled once that is decided */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "order": "o1",
                     *       "status": "pending",
                     *       "version": 2,
                     *       "lsn": 6,
                     *       "lines": [
                     *         {
                     *           "item": "sku1",
                     *           "quantity": 2
                     *         }
                     *       ],
                     *       "pay": {
                     *         "method": "card",
                     *         "amount": 30,
                     *         "currency": "EUR"
                     *       },
                     *       "saga": "order:o1",
                     *       "wish": "cancel"
                     *     }
                     */
                    "application/json": components["schemas"]["Order"];
                };
            };
        };
    };
    readOrderHistory: {
        parameters: {
            query?: {
                /** @description What came later; `next` of the page before */
                after_version?: components["parameters"]["after_version"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path: {
                /** @example o1 */
                id: components["parameters"]["order"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its events, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "entries": [
                     *         {
                     *           "version": 2,
                     *           "lsn": 6,
                     *           "time": "2026-01-02T03:04:05.678Z",
                     *           "event": "refunded",
                     *           "refund": "r1",
                     *           "amount": 10,
                     *           "reason": "one was broken",
                     *           "actor": "cleo"
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["History"];
                };
            };
        };
    };
    listSagas: {
        parameters: {
            query?: {
                /** @description Only sagas with this status */
                status?: components["parameters"]["saga_status"];
                /** @description An id: `next` of the page before */
                after?: components["parameters"]["after_id"];
                /** @description Only ids that begin like this */
                prefix?: components["parameters"]["prefix"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "sagas": [],
                     *       "next": null,
                     *       "as_of_lsn": 17
                     *     }
                     */
                    "application/json": components["schemas"]["Sagas"];
                };
            };
        };
    };
    readSaga: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example order:o1 */
                saga: components["parameters"]["saga"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The saga and its steps */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "order:o1",
                     *       "kind": "order",
                     *       "status": "completed",
                     *       "version": 1,
                     *       "lsn": 5,
                     *       "steps": [
                     *         {
                     *           "name": "reserve",
                     *           "status": "completed",
                     *           "attempts": 0
                     *         },
                     *         {
                     *           "name": "charge",
                     *           "status": "completed",
                     *           "attempts": 2
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Saga"];
                };
            };
        };
    };
    retrySaga: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example order:o1 */
                saga: components["parameters"]["saga"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "the provider is back"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description The saga goes on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "order:o1",
                     *       "kind": "order",
                     *       "status": "running",
                     *       "version": 9,
                     *       "lsn": 5,
                     *       "steps": []
                     *     }
                     */
                    "application/json": components["schemas"]["Saga"];
                };
            };
        };
    };
    skipSaga: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example order:o1 */
                saga: components["parameters"]["saga"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "refunded by hand"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description The saga goes on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "order:o1",
                     *       "kind": "order",
                     *       "status": "compensated",
                     *       "version": 9,
                     *       "lsn": 5,
                     *       "steps": []
                     *     }
                     */
                    "application/json": components["schemas"]["Saga"];
                };
            };
        };
    };
    readRefunds: {
        parameters: {
            query?: {
                /** @description Only refunds with this status */
                status?: components["parameters"]["refund_status"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The refunds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "card_payments": "running",
                     *       "refunds": [
                     *         {
                     *           "id": "b-17",
                     *           "amount": 500,
                     *           "currency": "EUR",
                     *           "status": "pending_funds",
                     *           "attempts": 2,
                     *           "last_error": "the balance is too low",
                     *           "created_at": "2026-01-02T03:04:05.678Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Refunds"];
                };
            };
        };
    };
    retryRefund: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example b-17 */
                id: components["parameters"]["refund"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "the player has a new card"
                 *     }
                 */
                "application/json": components["schemas"]["OptionalReason"];
            };
        };
        responses: {
            /** @description It is queued */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "b-17",
                     *       "amount": 500,
                     *       "currency": "EUR",
                     *       "status": "sent",
                     *       "attempts": 3,
                     *       "created_at": "2026-01-02T03:04:05.678Z",
                     *       "version": 5,
                     *       "lsn": 9
                     *     }
                     */
                    "application/json": components["schemas"]["Refund"];
                };
            };
        };
    };
    resumePayments: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "reason": "the account is filled"
                 *     }
                 */
                "application/json": components["schemas"]["Reason"];
            };
        };
        responses: {
            /** @description Card payments run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "card_payments": "running",
                     *       "refunds": []
                     *     }
                     */
                    "application/json": components["schemas"]["Refunds"];
                };
            };
        };
    };
    readPaymentEvents: {
        parameters: {
            query?: {
                /**
                 * @description Only events with this status
                 * @example failed
                 */
                status?: components["parameters"]["payment_event_status"];
                /**
                 * @description An event: `next` of the page before
                 * @example evt_1
                 */
                after?: components["parameters"]["after_payment_event"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "payment_events": [
                     *         {
                     *           "id": "evt_1",
                     *           "type": "checkout.session.completed",
                     *           "status": "processed",
                     *           "attempts": 1,
                     *           "created_at": "2026-01-02T03:04:05.678Z",
                     *           "result": {
                     *             "outcome": "booked",
                     *             "match": "thu",
                     *             "player": "p1",
                     *             "payment": "pi_1",
                     *             "amount": 500,
                     *             "currency": "EUR"
                     *           }
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["PaymentEvents"];
                };
            };
        };
    };
    readPaymentEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example evt_1 */
                id: components["parameters"]["payment_event"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The event */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "evt_1",
                     *       "type": "checkout.session.completed",
                     *       "status": "processed",
                     *       "attempts": 1,
                     *       "created_at": "2026-01-02T03:04:05.678Z",
                     *       "result": {
                     *         "outcome": "refunded",
                     *         "reason": "match_full",
                     *         "match": "thu",
                     *         "player": "p2",
                     *         "payment": "pi_2",
                     *         "amount": 500,
                     *         "currency": "EUR"
                     *       }
                     *     }
                     */
                    "application/json": components["schemas"]["PaymentEvent"];
                };
            };
        };
    };
    retryPaymentEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example evt_1 */
                id: components["parameters"]["payment_event"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "there is room in the queue"
                 *     }
                 */
                "application/json": components["schemas"]["OptionalReason"];
            };
        };
        responses: {
            /** @description It is acted upon again */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "evt_1",
                     *       "type": "checkout.session.completed",
                     *       "status": "received",
                     *       "attempts": 0,
                     *       "created_at": "2026-01-02T03:04:05.678Z",
                     *       "result": {},
                     *       "version": 5,
                     *       "lsn": 9
                     *     }
                     */
                    "application/json": components["schemas"]["PaymentEvent"];
                };
            };
        };
    };
    listBets: {
        parameters: {
            query?: {
                /**
                 * @description Only bets of this player
                 * @example p1
                 */
                player?: components["parameters"]["bet_player"];
                /** @description Only bets with this status */
                status?: components["parameters"]["bet_status"];
                /** @description An id: `next` of the page before */
                after?: components["parameters"]["after_id"];
                limit?: components["parameters"]["limit"];
                /** @description Only ids that begin like this */
                prefix?: components["parameters"]["prefix"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "bets": [],
                     *       "next": null,
                     *       "as_of_lsn": 17
                     *     }
                     */
                    "application/json": components["schemas"]["Bets"];
                };
            };
        };
    };
    readBet: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example acme:12345 */
                id: components["parameters"]["bet"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bet */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "acme:12345",
                     *       "provider": "acme",
                     *       "player": "p1",
                     *       "wallet": "p1",
                     *       "status": "won",
                     *       "stake": 300,
                     *       "payout": 500,
                     *       "currency": "EUR",
                     *       "version": 2,
                     *       "lsn": 9,
                     *       "selections": [
                     *         {
                     *           "event_id": "e1",
                     *           "odds": "1.5",
                     *           "live": 0
                     *         }
                     *       ],
                     *       "operations": [
                     *         {
                     *           "id": "acme:12345:1",
                     *           "transaction": "12345",
                     *           "operation": "bet",
                     *           "amount": 300,
                     *           "lsn": 8,
                     *           "time": "2026-01-02T03:04:05.678Z"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Bet"];
                };
            };
        };
    };
    listReferences: {
        parameters: {
            query?: {
                /** @description An id: `next` of the page before */
                after?: components["parameters"]["after_id"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path: {
                /** @example sport */
                type: components["parameters"]["reference_type"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page, in the order of their ids */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "references": [],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["References"];
                };
            };
        };
    };
    readReference: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example sport */
                type: components["parameters"]["reference_type"];
                /** @example 1 */
                id: components["parameters"]["reference"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its name, once a bet said it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "type": "sport",
                     *       "id": "1",
                     *       "name": "Soccer",
                     *       "first_seen": "2026-01-02T03:04:05.678Z",
                     *       "version": 1
                     *     }
                     */
                    "application/json": components["schemas"]["NamedReference"];
                };
            };
        };
    };
    openSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "session": "s1",
                 *       "player": "p1",
                 *       "expires_in_s": 3600
                 *     }
                 */
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description It is open already, of that player */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "s1",
                     *       "status": "open",
                     *       "player": "p1",
                     *       "wallet": "",
                     *       "expires_at": "2026-01-02T03:04:05.678Z",
                     *       "version": 1,
                     *       "lsn": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The session is open */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "s1",
                     *       "status": "open",
                     *       "player": "p1",
                     *       "wallet": "",
                     *       "expires_at": "2026-01-02T03:04:05.678Z",
                     *       "version": 1,
                     *       "lsn": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    readSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example s1 */
                id: components["parameters"]["session"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "s1",
                     *       "status": "open",
                     *       "player": "p1",
                     *       "wallet": "",
                     *       "expires_at": "2026-01-02T03:04:05.678Z",
                     *       "version": 1,
                     *       "lsn": 1
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    endSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example s1 */
                id: components["parameters"]["session"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "id": "s1",
                     *       "status": "ended",
                     *       "player": "p1",
                     *       "wallet": "",
                     *       "expires_at": "2026-01-02T03:04:05.678Z",
                     *       "version": 2,
                     *       "lsn": 2
                     *     }
                     */
                    "application/json": components["schemas"]["Session"];
                };
            };
        };
    };
    readBooks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The books */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "books": [
                     *         {
                     *           "currency": "EUR",
                     *           "issued": 1000,
                     *           "destroyed": 300,
                     *           "balances": 700,
                     *           "held": 0
                     *         }
                     *       ],
                     *       "as_of_lsn": 17
                     *     }
                     */
                    "application/json": components["schemas"]["Books"];
                };
            };
        };
    };
    setGatewayBalance: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "amount": 10000
                 *     }
                 */
                "application/json": components["schemas"]["GatewayBalance"];
            };
        };
        responses: {
            /** @description It is set */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "amount": 10000
                     *     }
                     */
                    "application/json": components["schemas"]["GatewayBalance"];
                };
            };
        };
    };
    readGatewayCharges: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example [
                     *       {
                     *         "id": "ch_1",
                     *         "key": "default/order:o1:17:charge",
                     *         "amount": 700,
                     *         "currency": "EUR",
                     *         "status": "succeeded"
                     *       }
                     *     ]
                     */
                    "application/json": components["schemas"]["GatewayEntries"];
                };
            };
        };
    };
    readGatewayRefunds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /** @example [] */
                    "application/json": components["schemas"]["GatewayEntries"];
                };
            };
        };
    };
    batch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {"wallet":"alice","credit":300,"key":"topup-17"}
                 *     {"from":"alice","to":"bob","amount":5}
                 *     {"put":"/v1/wallets/carol","body":{"currency":"EUR"}}
                 */
                "application/x-ndjson": string;
            };
        };
        responses: {
            /** @description A line each */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
        };
    };
    readProjection: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As of now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "lsn": 17,
                     *       "connected": true,
                     *       "lag_ms": 0
                     *     }
                     */
                    "application/json": components["schemas"]["Projection"];
                };
            };
        };
    };
    readLog: {
        parameters: {
            query?: {
                /** @description An LSN: what came later */
                after?: components["parameters"]["after"];
                /**
                 * @description A time in UTC: the records that aren't older; instead of after
                 * @example 2026-01-02T03:04:05Z
                 */
                from?: components["parameters"]["from_time"];
                /** @description Records of one answer; not of a live feed */
                limit?: components["parameters"]["log_limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A line each */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
        };
    };
    readOutcome: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description The key itself, unquoted, percent-encoded
                 * @example topup-1
                 */
                key: components["parameters"]["key"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The stored status and body */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": 200,
                     *       "body": {
                     *         "id": "alice",
                     *         "currency": "EUR",
                     *         "balance": 5,
                     *         "held": 0,
                     *         "available": 5,
                     *         "version": 2,
                     *         "lsn": 2
                     *       },
                     *       "key": "topup-1",
                     *       "lsn": 2
                     *     }
                     */
                    "application/json": components["schemas"]["StoredOutcome"];
                };
            };
        };
    };
    readCluster: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As of now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "node": "n1",
                     *       "state": "owner",
                     *       "epoch": 3,
                     *       "owner": "n1",
                     *       "isr": [
                     *         "n1",
                     *         "n2"
                     *       ],
                     *       "nodes": [
                     *         {
                     *           "node": "n1",
                     *           "http": "http://127.0.0.1:8080",
                     *           "state": "owner",
                     *           "lsn": 17,
                     *           "lag_records": 0
                     *         },
                     *         {
                     *           "node": "n2",
                     *           "http": "http://127.0.0.1:8081",
                     *           "state": "in_sync",
                     *           "lsn": 17,
                     *           "lag_records": 0
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Cluster"];
                };
            };
        };
    };
    transferLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "node": "n2"
                 *     }
                 */
                "application/json": components["schemas"]["ClusterNode"];
            };
        };
        responses: {
            /** @description It was handed over */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "node": "n2"
                     *     }
                     */
                    "application/json": components["schemas"]["ClusterNode"];
                };
            };
        };
    };
    addNode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "node": "n3"
                 *     }
                 */
                "application/json": components["schemas"]["ClusterNode"];
            };
        };
        responses: {
            /** @description It may be started */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "node": "n3"
                     *     }
                     */
                    "application/json": components["schemas"]["ClusterNode"];
                };
            };
        };
    };
    removeNode: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "node": "n3"
                 *     }
                 */
                "application/json": components["schemas"]["ClusterNode"];
            };
        };
        responses: {
            /** @description It was taken out */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "node": "n3"
                     *     }
                     */
                    "application/json": components["schemas"]["ClusterNode"];
                };
            };
        };
    };
    readBackup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As of now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "done",
                     *       "name": "00000000000000000017-20260102T030405Z",
                     *       "lsn": 17,
                     *       "began_at": "2026-01-02T03:04:05.678Z",
                     *       "ended_at": "2026-01-02T03:04:06.123Z",
                     *       "copied_bytes": 81920,
                     *       "linked_bytes": 0,
                     *       "age_s": 12
                     *     }
                     */
                    "application/json": components["schemas"]["Backup"];
                };
            };
        };
    };
    makeBackup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                /** @example {} */
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description It has begun; the header Location says where to look */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "running",
                     *       "began_at": "2026-01-02T03:04:05.678Z",
                     *       "copied_bytes": 0,
                     *       "age_s": null
                     *     }
                     */
                    "application/json": components["schemas"]["Backup"];
                };
            };
        };
    };
    readHot: {
        parameters: {
            query?: {
                limit?: components["parameters"]["hot_limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As of now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "window_s": 10,
                     *       "entities": [
                     *         {
                     *           "kind": "wallet",
                     *           "id": "alice",
                     *           "rate": 1204.5,
                     *           "queue": 3.25,
                     *           "p99_ms": 4.608,
                     *           "refused": 17,
                     *           "refusals": [
                     *             {
                     *               "code": "insufficient_funds",
                     *               "count": 17
                     *             }
                     *           ]
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Hot"];
                };
            };
        };
    };
    readOverview: {
        parameters: {
            query?: {
                /** @description Seconds from one point to the next */
                step_s?: components["parameters"]["overview_step"];
                /** @description Seconds since 1970: what came later */
                after?: components["parameters"]["after_time"];
                /** @description Points, the newest ones */
                limit?: components["parameters"]["overview_limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "step_s": 10,
                     *       "columns": [
                     *         "time_s",
                     *         "seconds",
                     *         "executed"
                     *       ],
                     *       "points": [
                     *         [
                     *           1700000000,
                     *           10,
                     *           51234
                     *         ]
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Overview"];
                };
            };
        };
    };
    readFollowers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As of now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "followers": [
                     *         {
                     *           "name": "webhook-shop",
                     *           "role": "destination",
                     *           "lsn": 17,
                     *           "lag_records": 3,
                     *           "lag_ms": 1200,
                     *           "connected": false,
                     *           "told": 12,
                     *           "failures": 4,
                     *           "put_aside": 1,
                     *           "problem": "disconnected"
                     *         }
                     *       ]
                     *     }
                     */
                    "application/json": components["schemas"]["Followers"];
                };
            };
        };
    };
    readToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The caller */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tenant": "shop",
                     *       "role": "operator",
                     *       "name": "cleo",
                     *       "open": false,
                     *       "server": false
                     *     }
                     */
                    "application/json": components["schemas"]["Token"];
                };
            };
        };
    };
    readAlerts: {
        parameters: {
            query?: {
                /** @description A number: `next` of the page before */
                after?: components["parameters"]["after_alert"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As of now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "alerts": [
                     *         {
                     *           "number": 3,
                     *           "tenant": "shop",
                     *           "kind": "order",
                     *           "entity": "o1",
                     *           "text": "stuck: step 'charge' can't be undone: declined; retry it, or skip it with a reason",
                     *           "lasts": true,
                     *           "since": "2026-01-02T03:04:05.678Z",
                     *           "last": "2026-01-02T03:04:05.678Z",
                     *           "times": 1,
                     *           "what_to_do": "`POST /v1/sagas/{id}/retry` or `/skip`, with a reason"
                     *         }
                     *       ],
                     *       "total": 1,
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["Alerts"];
                };
            };
        };
    };
    readTenants: {
        parameters: {
            query?: {
                /** @description An id: `next` of the page before */
                after?: components["parameters"]["after_id"];
                limit?: components["parameters"]["limit"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As of now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "tenants": [
                     *         {
                     *           "id": "shop",
                     *           "connections": 2,
                     *           "requests_in_flight": 0,
                     *           "streams": 1,
                     *           "requests": 5120,
                     *           "refused": 0
                     *         }
                     *       ],
                     *       "next": null
                     *     }
                     */
                    "application/json": components["schemas"]["Tenants"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "status": "live"
                     *     }
                     */
                    "application/json": components["schemas"]["Live"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Yes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "ready": true
                     *     }
                     */
                    "application/json": components["schemas"]["Ready"];
                };
            };
        };
    };
    metrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
    version: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Name and version */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "name": "tote",
                     *       "version": "0.1.0",
                     *       "instance": ""
                     *     }
                     */
                    "application/json": components["schemas"]["Version"];
                };
            };
        };
    };
    openapi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    /**
                     * @example {
                     *       "openapi": "3.1.0",
                     *       "info": {
                     *         "title": "Tote",
                     *         "version": "1"
                     *       },
                     *       "paths": {}
                     *     }
                     */
                    "application/json": components["schemas"]["Document"];
                };
            };
        };
    };
    problem: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @example insufficient_funds */
                code: components["parameters"]["code"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
        };
    };
    home: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The page */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
}
